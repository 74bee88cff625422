"""Killed at any moment, short of disk, torn: nothing taken in is lost, and nothing is half.

The short form; tests/long/test_killed_long.py does the same two hundred times.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.errors import EXIT_UNREADABLE
from pipelines.ingest import landing
from pipelines.ingest.door import ingest
from pipelines.release import as_built
from pipelines.release.reader import connect, current_release, find_release
from pipelines.settings import Settings
from tests import killing
from tests.integration.person_level_files import collect, xml
from tests.integration.test_person_level_door import content, written

SEED = 20_261_122
APPROVAL = ("--approved-by", "Head of data", "--reason", "Killed on purpose by a test", "--yes")
ROTATE = ("keys", "rotate", *APPROVAL)
# What `send ingest` says last; its exit code speaks of findings.
TAKEN = "Next: send build"
# Enough of the engine's log of changes that half of it ends within a change.
LOG_BYTES = 2_000
FIGURES = "select * from marts.kpi_value order by all"
EARLY = "la_code,upn,support_kind,referral_date\n" + "".join(
    f"860,A{number:012d},APDR,2025-09-15\n" for number in range(400)
)


@pytest.fixture
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


def files(tmp_path: Path) -> list[str]:
    """Three deliveries of a council: a return, the year before's export, its own table."""
    made = [written(tmp_path / "return.xml", xml(900))]
    collect(xml(300, first=5000), tmp_path / "export")
    made += [tmp_path / "export", written(tmp_path / "early_support.csv", EARLY.encode())]
    return [str(path) for path in made]


def delivery(row: Mapping[str, Any]) -> str:
    """The id of what came in together; the modules of a return bear it with their names."""
    return str(row["file_id"]).split("-")[0]


def of_each_file(rows: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, int]]:
    """Rows in every landing table by the file that they came in with."""
    found: dict[str, dict[str, int]] = {}
    for table, lines in rows.items():
        for line in lines:
            tables = found.setdefault(delivery(line), {})
            tables[table] = tables.get(table, 0) + 1
    return found


def killed_while_taking_in(tmp_path: Path, kills: int) -> int:
    """Kill `send ingest` so often, each time in a workspace of its own; gives those that fell."""
    offered, chance = files(tmp_path), np.random.default_rng(SEED)
    whole = Settings(workspace=tmp_path / "whole")
    # The first call starts the fork server: its time is not that of the work.
    killing.send(tmp_path / "warm", "--help")
    took = killing.send(whole.workspace, "ingest", *offered)
    assert TAKEN in took.said
    wanted, fallen = of_each_file(content(whole)), 0
    assert len(wanted) == 3
    for number in range(kills):
        sample = Settings(workspace=tmp_path / f"sample-{number}")
        run = killing.send(
            sample.workspace,
            "ingest",
            *offered,
            after=chance.uniform(0.0, took.seconds),
        )
        fallen += run.is_killed
        nothing_is_half(sample, wanted)
        again = killing.send(sample.workspace, "ingest", *offered)
        assert TAKEN in again.said
        assert of_each_file(content(sample)) == wanted
        assert not list(sample.workspace.rglob("*.part"))
        shutil.rmtree(sample.workspace)
    return fallen


def nothing_is_half(sample: Settings, wanted: dict[str, dict[str, int]]) -> None:
    """Whatever the workspace says that it received stands there to the last row, kept and landed.

    What no received file answers for is taken away by the sweep that each call begins with.
    """
    landing.sweep(sample)
    received = {delivery(row) for row in landing.received(sample)}
    found = of_each_file(content(sample)) if received else {}
    assert found == {file_id: wanted[file_id] for file_id in received}


@pytest.mark.usefixtures("_keys")
def test_a_kill_while_files_are_taken_in_loses_nothing_and_leaves_nothing_half(
    tmp_path: Path,
) -> None:
    assert killed_while_taking_in(tmp_path, kills=5) >= 2


@pytest.mark.usefixtures("_keys")
@pytest.mark.parametrize("largest", [20_000, 60_000, 150_000], ids=lambda size: f"{size}-bytes")
def test_a_full_disk_while_files_are_taken_in_is_said_and_leaves_nothing_half(
    tmp_path: Path, largest: int
) -> None:
    offered, whole = files(tmp_path), Settings(workspace=tmp_path / "whole")
    ingest([Path(name) for name in offered], whole)
    sample = Settings(workspace=tmp_path / "sample")
    run = killing.send(sample.workspace, "ingest", *offered, largest=largest)
    assert run.process.exitcode == EXIT_UNREADABLE, run.said
    assert "What to do" in run.said
    assert "Traceback" not in run.said
    nothing_is_half(sample, of_each_file(content(whole)))
    again = killing.send(sample.workspace, "ingest", *offered)
    assert TAKEN in again.said
    assert of_each_file(content(sample)) == of_each_file(content(whole))


def killed_while_the_key_is_changed(tmp_path: Path, kills: int) -> int:
    """Kill `send keys rotate` so often, each time with the first keys; gives those that fell."""
    whole, place, before = Settings(workspace=tmp_path / "whole"), tmp_path / "keys", "keys before"
    ingest([Path(name) for name in files(tmp_path)], whole)
    shutil.copytree(place, tmp_path / before)
    wanted, chance, fallen = of_each_file(content(whole)), np.random.default_rng(SEED), 0
    killing.send(tmp_path / "warm", "--help")
    shutil.copytree(whole.workspace, tmp_path / "timed")
    took = killing.send(tmp_path / "timed", *ROTATE)
    assert took.process.exitcode == 0, took.said
    for number in range(kills):
        sample = Settings(workspace=tmp_path / f"sample-{number}")
        shutil.copytree(whole.workspace, sample.workspace)
        shutil.rmtree(place)
        shutil.copytree(tmp_path / before, place)
        run = killing.send(sample.workspace, *ROTATE, after=chance.uniform(0.0, took.seconds))
        fallen += run.is_killed
        again = killing.send(sample.workspace, *ROTATE)
        assert again.process.exitcode == 0, again.said
        assert of_each_file(content(sample)) == wanted
        assert len(key_ids(sample)) == 1
        assert not key_ids(sample) & key_ids(whole)
        shutil.rmtree(sample.workspace)
    return fallen


def key_ids(settings: Settings) -> set[str]:
    return {row["key_id"] for row in content(settings)["person_identity"]}


@pytest.mark.usefixtures("_keys")
def test_a_kill_while_the_pseudonym_key_is_changed_is_ended_by_the_same_command(
    tmp_path: Path,
) -> None:
    assert killed_while_the_key_is_changed(tmp_path, kills=3) >= 1


# ---- build and publish -------------------------------------------------------------------------


@pytest.fixture
def published(sample_workspace: Path, tmp_path: Path) -> Settings:
    """A published release of the facts, of which a test may spoil a copy."""
    shutil.copytree(sample_workspace, tmp_path / "published")
    return Settings(workspace=tmp_path / "published")


def cells(settings: Settings) -> list[tuple[Any, ...]]:
    """Every published figure, by the pointer, as a reader finds it."""
    release = current_release(settings.workspace)
    assert release is not None
    assert as_built.verify(release) == []
    with connect(release.public_path) as connection:
        return connection.execute(FIGURES).fetchall()


def changed(settings: Settings, la_code: str = "860", children: int = 60) -> None:
    """Something new, so that a build has work to do: a return with children."""
    path = written(settings.workspace.with_name("new.xml"), xml(children, la_code=la_code))
    assert TAKEN in killing.send(settings.workspace, "ingest", str(path)).said


def killed_while_building(settings: Settings, kills: int, longest: float = 14.0) -> int:
    """Kill `send build` so often in one workspace, then let it end; gives those that fell.

    longest: seconds after which it is killed at the latest.
    """
    before, chance, fallen = cells(settings), np.random.default_rng(SEED), 0
    for number in range(kills):
        run = killing.send(settings.workspace, "build", after=chance.uniform(0.5, longest))
        fallen += run.is_killed
        assert cells(settings) == before
        if not run.is_killed:
            # The build had ended: the next one would find nothing to do.
            changed(settings, settings.council, children=61 + number)
    torn_in_the_middle(settings)
    assert cells(settings) == before
    run = killing.send(settings.workspace, "build")
    assert run.process.exitcode == 0, run.said
    assert not list(settings.releases.rglob("*.wal"))
    return fallen


def torn_in_the_middle(settings: Settings) -> None:
    """Kill a build while the engine's log of changes stands there, and cut that in half."""
    log = settings.warehouse.with_name(f"{settings.warehouse.name}.wal")

    def is_there() -> bool:
        with contextlib.suppress(FileNotFoundError):
            return log.stat().st_size > LOG_BYTES
        return False

    # The engine may take it in just before the kill.
    for _ in range(5):
        run = killing.send(settings.workspace, "build", once=is_there)
        assert run.is_killed
        if is_there():
            os.truncate(log, log.stat().st_size // 2)
            return
    raise AssertionError("no log of changes was left by a killed build")


def killed_while_publishing(settings: Settings, kills: int) -> int:
    """Kill `send publish` so often; gives the number that fell before the pointer moved."""
    chance, fallen = np.random.default_rng(SEED), 0
    first = (settings.releases / "CURRENT").read_text(encoding="utf-8").strip()
    took = killing.send(settings.workspace, "publish", *APPROVAL)
    assert took.process.exitcode == 0, took.said
    newest = (settings.releases / "CURRENT").read_text(encoding="utf-8").strip()
    assert newest != first
    for _ in range(kills):
        back = killing.send(settings.workspace, "releases", "rollback", first, *APPROVAL)
        assert back.process.exitcode == 0, back.said
        after = chance.uniform(0.0, took.seconds)
        killing.send(settings.workspace, "publish", *APPROVAL, after=after)
        named = (settings.releases / "CURRENT").read_text(encoding="utf-8").strip()
        assert named in (first, newest)
        fallen += named == first
        assert find_release(settings.workspace, named).approval
        assert cells(settings)
        again = killing.send(settings.workspace, "publish", *APPROVAL)
        assert again.process.exitcode == 0, again.said
    return fallen


def test_a_kill_while_building_or_publishing_leaves_the_old_release_or_the_new_one(
    published: Settings,
) -> None:
    changed(published)
    assert killed_while_building(published, kills=3) >= 2
    assert killed_while_publishing(published, kills=4) >= 1
