"""Four readers while the pointer moves a hundred times: each sees one release, never a mixture."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path

from pipelines.release import approve
from pipelines.release.reader import connect, current_release
from pipelines.settings import Settings
from tests.twins import twin

READERS, SWAPS = 4, 100
WHO, WHY = "Head of data", "Moved on purpose by a test"
START = multiprocessing.get_context("spawn")


def seen(path: Path) -> tuple[str, str]:
    """What a reader finds in the file: the release that it says it is, and its figures' sum."""
    with connect(path) as connection:
        found = connection.execute(
            "select any_value(release), cast(sum(kpi_value.value) as varchar) "
            "from marts.release, marts.kpi_value"
        ).fetchone()
    assert found is not None
    return str(found[0]), str(found[1])


def read(
    workspace: Path, wanted: dict[str, str], begun: Semaphore, done: Event, told: Path
) -> None:
    """In a process of its own: read by the pointer until told to stop; say what was wrong."""
    faults, count, releases = [], 0, set()
    begun.release()
    while not done.is_set():
        release = current_release(workspace)
        if release is None:
            faults.append("no release")
            continue
        name, total = seen(release.public_path)
        if name != release.id or wanted.get(name) != total:
            faults.append(f"{release.id} held {name}")
        releases.add(name)
        count += 1
    told.write_text(json.dumps({"faults": faults, "count": count, "releases": sorted(releases)}))


def test_no_reader_ever_sees_a_mixture(sample_workspace: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_workspace, tmp_path / "workspace")
    settings = Settings(workspace=tmp_path / "workspace")
    first = current_release(settings.workspace)
    assert first is not None
    other = twin(settings, first, 1, "update marts.kpi_value set value = value + 1")
    both = [approve.publish(settings, other, WHO, WHY), first]
    wanted = dict(seen(release.public_path) for release in both)
    assert len(set(wanted.values())) == 2
    begun, done = START.Semaphore(0), START.Event()
    told = [tmp_path / f"reader-{number}.json" for number in range(READERS)]
    readers = [
        START.Process(target=read, args=(settings.workspace, wanted, begun, done, path))
        for path in told
    ]
    for reader in readers:
        reader.start()
    for _ in readers:
        assert begun.acquire(timeout=120), "a reader did not start"
    for number in range(SWAPS):
        approve.rollback(settings, both[number % 2], WHO, WHY)
    done.set()
    for reader in readers:
        reader.join(60)
        assert reader.exitcode == 0
    found = [json.loads(path.read_text()) for path in told]
    assert [each["faults"] for each in found] == [[]] * READERS
    assert all(each["count"] > 0 for each in found)
    assert set().union(*(each["releases"] for each in found)) == set(wanted)
