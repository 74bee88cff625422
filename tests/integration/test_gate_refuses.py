"""A whole release of the sample county that gives a child away is refused by `send publish`.

What is changed is the frozen public file, its hash in the manifest and the line of the audit log,
as if a build had made it so: only the gate for small numbers stands between it and readers.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.registry.selects import literal
from pipelines.release import audit_log
from pipelines.release.files import sha256
from pipelines.release.reader import MANIFEST, POINTER, PUBLIC, Release, current_release
from pipelines.release.rounding import EXACT_TOPICS
from pipelines.settings import SAMPLE_COUNTY, Settings
from tests.unit.release.test_disclosure import cells, unhide

APPROVAL = ("--approved-by", "Head of data", "--reason", "Would give a child away", "--yes")
# What a publication reads nothing of.
LEFT_OUT = shutil.ignore_patterns("inbox", "raw", "build.duckdb*")
KEY = ("kpi", "vintage", "period", "area_code", "breakdown_topic", "breakdown")
Run = Callable[..., subprocess.CompletedProcess[str]]
Change = Callable[[Release], None]


@pytest.fixture
def settings(county_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    shutil.copytree(county_workspace, tmp_path / "workspace", ignore=LEFT_OUT)
    return Settings(workspace=tmp_path / "workspace", council=SAMPLE_COUNTY)


@pytest.fixture
def candidate(settings: Settings) -> Release:
    """The county's release, which nobody reads yet."""
    found = current_release(settings.workspace)
    assert found is not None
    (settings.releases / POINTER).unlink()
    return found


def run(release: Release, *statements: str) -> None:
    """Change the public file, with that of officers at hand."""
    with closing(duckdb.connect(str(release.public_path))) as connection:
        connection.execute(f"attach '{release.officer_path}' as officer (read_only)")
        for statement in statements:
            connection.execute(statement)


def as_if_built_so(settings: Settings, release: Release) -> None:
    """The manifest of the files as they are, and a build of it in the audit log."""
    manifest = json.loads((release.folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][PUBLIC]["sha256"] = sha256(release.public_path)
    with closing(duckdb.connect(str(release.public_path), read_only=True)) as connection:
        for table in manifest["row_counts"]:
            (count,) = connection.table(table).count("*").fetchone() or (0,)
            manifest["row_counts"][table] = count
    (release.folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    told = {"manifest_sha256": sha256(release.folder / MANIFEST)}
    audit_log.note(settings, "build", release=release.id, **told)


def shown_again(release: Release) -> None:
    """What was withheld beside the small counts stands there, rounded as the rule rounds."""
    with closing(duckdb.connect(str(release.officer_path), read_only=True)) as connection:
        exact: dict[tuple[Any, ...], dict[str, Any]] = cells(connection)
    unhide(release.public_path, release.evidence_path, exact)


def small(release: Release, where: str) -> str:
    """A condition for one row of the exact figures: of 1 to 4 children."""
    with closing(duckdb.connect(str(release.officer_path), read_only=True)) as connection:
        key = connection.execute(
            f"select {', '.join(KEY)} from marts.kpi_value where source = 'council' and {where} "  # noqa: S608
            "and numerator between 1 and 4 order by all limit 1"
        ).fetchone()
    assert key is not None
    told = zip(KEY, key, strict=True)
    return " and ".join(["source = 'council'", *(f"{name} = {literal(it)}" for name, it in told)])


def small_count_unhidden(release: Release) -> None:
    """One hidden count stands there as it is."""
    which = small(release, "kpi = 'plans_maintained' and breakdown_topic = 'Primary need'")
    exact = f"(select numerator from officer.marts.kpi_value where {which})"  # noqa: S608
    shown = f"symbol = null, numerator = {exact}, value = {exact}"
    run(release, f"update marts.kpi_value set {shown} where {which}")  # noqa: S608


def small_count_added(release: Release) -> None:
    """One count of a group in one month stands there, which only officers read."""
    topics = ", ".join(map(literal, EXACT_TOPICS))
    which = small(release, f"period_kind = 'month' and breakdown_topic not in ({topics})")
    rows = f"select * from officer.marts.kpi_value where {which}"  # noqa: S608
    run(release, f"insert into marts.kpi_value by name {rows}")


def test_the_release_as_it_was_built_is_published(
    settings: Settings, candidate: Release, run_send: Run
) -> None:
    """Otherwise a refusal below would say nothing."""
    as_if_built_so(settings, candidate)
    done = run_send(settings.workspace, "publish", *APPROVAL)
    assert done.returncode == 0, done.stderr
    assert current_release(settings.workspace) == candidate


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (shown_again, "hidden counts could be worked out to fewer than 4 values"),
        (small_count_unhidden, "not as the rule for small numbers prints them: 1 figure"),
        (small_count_added, "not as the rule for small numbers prints them: 1 figure"),
    ],
    ids=lambda item: item.__name__ if callable(item) else None,
)
def test_a_release_that_gives_a_child_away_is_refused_by_that_gate_alone(
    settings: Settings, candidate: Release, run_send: Run, change: Change, said: str
) -> None:
    before = sha256(candidate.public_path)
    change(candidate)
    assert sha256(candidate.public_path) != before
    as_if_built_so(settings, candidate)
    done = run_send(settings.workspace, "publish", *APPROVAL)
    assert done.returncode == 1, done.stderr
    assert "disclosure: " in done.stderr
    assert said in done.stderr
    assert current_release(settings.workspace) is None
