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
from pipelines.release.as_ruled import unmatched
from pipelines.release.code import CHANGED
from pipelines.release.files import sha256
from pipelines.release.reader import MANIFEST, POINTER, PUBLIC, Release, current_release
from pipelines.release.rounding import EXACT_TOPICS
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, Settings
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


def asked(release: Release, question: str) -> tuple[Any, ...]:
    """One row of the public file."""
    with closing(duckdb.connect(str(release.public_path), read_only=True)) as connection:
        return connection.execute(question).fetchone() or ()


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


def headline_counted_wrongly(release: Release) -> None:
    """The number of plans, an exact total, is off by two wherever it stands."""
    about = "kpi = 'plans_maintained' and source = 'council' and breakdown_topic = 'All'"
    (period,) = asked(
        release,
        f"select max(period) from marts.kpi_value where {about} and numerator > 7",  # noqa: S608
    )
    of_it = f"{about} and period = {literal(period)}"
    off = "numerator = numerator + 2, value = value + 2, change = change + 2"
    run(
        release,
        f"update marts.kpi_value set {off} where {of_it}",  # noqa: S608
        f"update marts.spc_point set value = value + 2 where {of_it}",  # noqa: S608
        "update marts.spc_series set latest_value = latest_value + 2 "  # noqa: S608
        f"where {about} and latest_period = {literal(period)}",
        "update marts.forecast set origin_value = origin_value + 2 "  # noqa: S608
        f"where kpi = 'plans_maintained' and origin_period = {literal(period)}",
        *(
            f"update marts.{table} set newest_value = newest_value + 2 "  # noqa: S608
            f"where kpi = 'plans_maintained' and newest_value_period = {literal(period)}"
            for table in ("plan_action", "plan_milestone")
        ),
        "update marts.plan_value set value = value + 2 "  # noqa: S608
        f"where kpi = 'plans_maintained' and period = {literal(period)}",
    )


def plan_told_otherwise(release: Release) -> None:
    """One figure of the delivery plan is none of those that the council's rows give."""
    run(
        release,
        "update marts.plan_value set value = value + 1 where source = 'council' and is_newest",
    )


def test_the_release_as_it_was_built_is_published(
    settings: Settings, candidate: Release, run_send: Run
) -> None:
    """Otherwise a refusal below would say nothing. Its code is in no commit, which is said."""
    candidate.manifest["code_version"] = f"{'0' * 40}+"
    (candidate.folder / MANIFEST).write_text(json.dumps(candidate.manifest), encoding="utf-8")
    as_if_built_so(settings, candidate)
    done = run_send(settings.workspace, "publish", *APPROVAL)
    assert done.returncode == 0, done.stderr
    assert CHANGED in done.stderr
    assert current_release(settings.workspace) == candidate


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (shown_again, "hidden counts could be worked out to fewer than 4 values"),
        (small_count_unhidden, "not as the rule for small numbers prints them: 1 figure"),
        pytest.param(
            small_count_added,
            "not as the rule for small numbers prints them: 1 figure",
            marks=pytest.mark.long,
        ),
        (plan_told_otherwise, "in other columns, the first in plan_value.value"),
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


def test_a_wrong_headline_is_refused_although_it_is_within_half_a_rounding(
    settings: Settings, candidate: Release, run_send: Run
) -> None:
    headline_counted_wrongly(candidate)
    as_if_built_so(settings, candidate)
    done = run_send(settings.workspace, "publish", *APPROVAL)
    assert done.returncode == 1, done.stderr
    assert "agreement: contradicting the exact ones: 1 public figure" in done.stderr
    assert "the first of plans_maintained" in done.stderr
    assert current_release(settings.workspace) is None


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("kpi_value.previous_value", "previous_value = previous_value + 5"),
        ("kpi_value.change", "change = change + 5"),
        ("kpi_value.file_id", "file_id = '0123456789abcdef'"),
        ("plan_value.value", "value = value + 5"),
        ("plan_action.newest_value", "newest_value = newest_value + 5"),
        ("plan_milestone.newest_value", "newest_value = newest_value + 5"),
        ("plan_milestone.deciding_value", "deciding_value = deciding_value + 5"),
        ("spc_point.value", "value = value + 5"),
        ("spc_series.latest_value", "latest_value = latest_value + 5"),
        ("forecast.origin_value", "origin_value = origin_value + 5"),
        ("source_file.row_count", "row_count_in = 3"),
        ("source_file.file_id", "file_name = 'names of children.csv'"),
        ("finding_summary.rule", "source = 'council'"),
    ],
)
def test_what_another_column_repeats_otherwise_is_found_there(
    county_workspace: Path, tmp_path: Path, column: str, change: str
) -> None:
    """Of the council's own rows where the table says whose they are."""
    release = current_release(county_workspace)
    assert release is not None
    public = tmp_path / PUBLIC
    shutil.copyfile(release.public_path, public)
    assert unmatched(public, PROJECT_ROOT) is None
    table = column.split(".")[0]
    own = table in {"kpi_value", "plan_value", "spc_point", "spc_series", "source_file"}
    with closing(duckdb.connect(str(public))) as connection:
        whose = " where source = 'council'" if own else ""
        connection.execute(f"update marts.{table} set {change}{whose}")  # noqa: S608
    found = unmatched(public, PROJECT_ROOT)
    assert found is not None
    assert found.first == column


# A figure of the council's own.
CELL = """
    create temp table cell as
    select kpi, vintage, period, period_kind, la_code, area_code, value,
        coalesce(la_code, area_code) as area_key
    from marts.kpi_value
    where source = 'council' and is_shown and breakdown = 'All' and value is not null
        and period_kind in ('stock', 'flow')
    order by kpi, period
    limit 1
"""
# Each makes one more column repeat it, as nothing in the sample county does.
SIDE = """
    update marts.claim_side
    set kpi = cell.kpi, source = 'council', vintage = cell.vintage, period = cell.period,
        area_key = cell.area_key, value = cell.value
    from cell
    where claim_side.rowid = (select min(rowid) from marts.claim_side where made_of = '')
"""
TOLD_OF_IT = """
    update marts.claim_figure
    set claim_id = side.claim_id, period = side.period, area_key = side.area_key,
        source = side.source, vintage = side.vintage, value = side.value
    from marts.claim_side as side
    where side.source = 'council' and claim_figure.rowid = 0
"""
MEASURED = """
    update marts.claim_evidence
    set claim_id = side.claim_id, period = side.period, la_code = side.area_key,
        source = side.source, vintage = side.vintage, value = side.value
    from marts.claim_side as side
    where side.source = 'council' and claim_evidence.rowid
        = (select min(rowid) from marts.claim_evidence where role = 'measured')
"""
BESIDE = """
    update marts.claim_evidence
    set kpi = cell.kpi, source = 'council', vintage = cell.vintage, period = cell.period,
        la_code = cell.la_code, area_code = cell.area_code, value = cell.value, note = null
    from cell
    where claim_evidence.rowid
        = (select min(rowid) from marts.claim_evidence where role = 'evidence')
"""
CAME = """
    insert into marts.forecast_score by name
    select kpi, la_code, area_code, period_kind, period, value as actual_value from cell
"""


@pytest.mark.parametrize(
    ("column", "made", "change"),
    [
        ("claim_side.value", (SIDE,), "claim_side set value = value + 5"),
        ("claim_figure.value", (SIDE, TOLD_OF_IT), "claim_figure set value = value + 5"),
        ("claim_evidence.value", (SIDE, MEASURED), "claim_evidence set value = value + 5"),
        ("claim_evidence.value", (BESIDE,), "claim_evidence set value = value + 5"),
        ("forecast_score.actual_value", (CAME,), "forecast_score set actual_value = 5"),
    ],
    ids=["side", "told", "measured", "beside", "came"],
)
def test_a_figure_of_the_council_that_is_repeated_nowhere_yet_is_held_too(
    county_workspace: Path, tmp_path: Path, column: str, made: tuple[str, ...], change: str
) -> None:
    """In the sample county no statement is about its own rows, and nothing forecast has come."""
    release = current_release(county_workspace)
    assert release is not None
    public = tmp_path / PUBLIC
    shutil.copyfile(release.public_path, public)
    whose = "" if column.startswith("forecast") else " where source = 'council'"
    with closing(duckdb.connect(str(public))) as connection:
        for statement in (CELL, *made):
            connection.execute(statement)
    assert unmatched(public, PROJECT_ROOT) is None
    with closing(duckdb.connect(str(public))) as connection:
        connection.execute(f"update marts.{change}{whose}")
    found = unmatched(public, PROJECT_ROOT)
    assert found is not None
    assert (found.count, found.first) == (1, column)
