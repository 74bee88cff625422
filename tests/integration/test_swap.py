"""Four readers while the pointer moves a hundred times: each page is of one release, never mixed.

A page is made of parts that are read one after another from several files, and the pointer moves on
while it is made. The first move and one on the way are made by the command, as people make them.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path
from typing import Any

import pytest

from dashboards import context
from dashboards.queries import evidence_pack, figures, releases
from dashboards.queries.frozen import frame_of
from dashboards.role import Role
from pipelines.release import approve
from pipelines.release.reader import POINTER, Release, current_release, find_release
from pipelines.settings import Settings
from tests.twins import twin

READERS, MOVES = 4, 100
# Only so that a reader that hangs ends the test.
PATIENCE_SECONDS = 300
WHO, WHY = "Head of data", "Moved on purpose by a test"
START = multiprocessing.get_context("spawn")
Parts = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]

# What makes the second release differ from the first in every part of a page.
RAISED = "update marts.kpi_value set value = value + 1"
RETITLED = "update marts.measure set title = title || ' (again)'"
RENAMED = "update marts.area set area_name = area_name || ' (again)'"
COUNTED = "update evidence.evidence.check_result set row_count = row_count + 1"


def parts_of(page: context.Context) -> Parts:
    """Parts of a page by name, each from a query or a document of its own."""
    assert page.evidence is not None
    total = "select cast(sum(value) as varchar) as total from marts.kpi_value"
    series = figures.series(page.key, "plans_maintained", (page.england,))
    approval = releases.document(page.evidence, "approval.json")
    return {
        "key": page.key.release,
        "facts": page.facts["release"],
        "approved_by": page.facts["approved_by"],
        "measures": sorted(measure.title for measure in page.measures.values()),
        "areas": page.areas["area_name"].tolist(),
        "figures": frame_of(page.key, total)["total"].iloc[0],
        "series": float(series["value"].sum()),
        "previous": figures.release(page.previous)["release"] if page.previous else None,
        "evidence": page.evidence.release,
        "checks": int(evidence_pack.whole(page.evidence, "check_result")["row_count"].sum()),
        "approval": approval["at"],
        "manifest": releases.document(page.evidence, "manifest.json")["built_at"],
        "files": sorted(Path(key.path).parent.name for key in (page.key, page.evidence)),
    }


def apart(one: Parts, two: Parts) -> list[str]:
    """Names of the parts that differ."""
    return [name for name in one if one[name] != two[name]]


def pointed_at(workspace: Path) -> Release:
    """What the pointer leads to: always a release that somebody approved."""
    release = current_release(workspace)
    assert release is not None
    assert release.approval is not None
    return release


def wait_for_a_move(workspace: Path, done: Event) -> None:
    """Until the pointer leads elsewhere, which is looked at at once, or all moves are made."""
    pointer = workspace / "releases" / POINTER
    before = pointer.read_bytes()
    while not done.is_set() and pointer.read_bytes() == before:
        time.sleep(0.001)
    pointed_at(workspace)


def read(workspace: Path, begun: Semaphore, done: Event, told: Path) -> None:
    """In a process of its own: make pages by the pointer until told to stop; say what they held."""
    import streamlit
    from streamlit import logger

    logger.set_log_level("error")
    settings, seen = Settings(workspace=workspace), []

    def see(release: Release) -> None:
        # Nothing is kept from one page to the next: each is read from the files.
        streamlit.cache_data.clear()
        wait_for_a_move(workspace, done)
        page = context.over(settings, release, Role.AUDITOR)
        wait_for_a_move(workspace, done)
        seen.append((release.id, parts_of(page)))

    first = pointed_at(workspace)
    begun.release()
    see(first)
    while not done.is_set():
        see(pointed_at(workspace))
    see(pointed_at(workspace))
    told.write_text(json.dumps(seen))


@contextmanager
def reading(workspace: Path, folder: Path) -> Iterator[list[list[tuple[str, Parts]]]]:
    """Readers at work; when they have stopped, the list holds what each has seen."""
    begun, done = START.Semaphore(0), START.Event()
    told = [folder / f"reader-{number}.json" for number in range(READERS)]
    readers = [START.Process(target=read, args=(workspace, begun, done, path)) for path in told]
    found: list[list[tuple[str, Parts]]] = []
    for reader in readers:
        reader.start()
    try:
        for _ in readers:
            assert begun.acquire(timeout=PATIENCE_SECONDS), "a reader did not start"
        yield found
    finally:
        done.set()
        for reader in readers:
            reader.join(PATIENCE_SECONDS)
    assert [reader.exitcode for reader in readers] == [0] * READERS
    found.extend(json.loads(path.read_text()) for path in told)


def by_command(run_send: Run, workspace: Path, *words: str) -> None:
    done = run_send(workspace, *words, "--approved-by", WHO, "--reason", WHY, "--yes")
    assert done.returncode == 0, done.stderr


def test_no_reader_ever_sees_a_mixture(
    sample_workspace: Path, tmp_path: Path, run_send: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A move asks this of the files first, which takes ten times as long as the move and is tested
    # elsewhere. The commands ask.
    monkeypatch.setattr(approve, "verify", lambda settings, release: [])
    monkeypatch.setattr(approve, "require_readable", lambda release, root: None)
    workspace = tmp_path / "workspace"
    shutil.copytree(sample_workspace, workspace)
    settings = Settings(workspace=workspace)
    first = pointed_at(workspace)
    other = twin(settings, first, 1, RAISED, RETITLED, RENAMED, evidence=(COUNTED,))
    with reading(workspace, tmp_path) as found:
        by_command(run_send, workspace, "publish")
        both = (first, find_release(workspace, other.id))
        for number in range(MOVES):
            release = both[number % 2]
            if number == MOVES // 2:
                by_command(run_send, workspace, "releases", "rollback", release.id)
            else:
                approve.rollback(settings, release, WHO, WHY)
    wanted = {
        release.id: parts_of(context.over(settings, release, Role.AUDITOR)) for release in both
    }
    one, two = wanted.values()
    assert apart(one, two) == list(one)
    assert len(found) == READERS
    for pages in found:
        # The first page is begun before the first move, the last one after the last.
        assert {name for name, _ in pages} == set(wanted)
        assert [(name, part) for name, parts in pages for part in apart(parts, wanted[name])] == []
