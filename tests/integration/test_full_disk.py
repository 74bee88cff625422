"""A disk that is full while the product builds, publishes, keeps, brings back, rekeys or erases.

Each says so with what to do, nothing is half done for whoever reads, and the same command ends it
once there is room. Taking files in on a full disk: test_killed.py.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.ingest.door import ingest
from pipelines.release import audit_log
from pipelines.release.audit_check import check
from pipelines.release.reader import current_release
from pipelines.settings import Settings
from tests import killing
from tests.integration.person_level_files import marks, upn, xml
from tests.integration.test_forget import kept_plain
from tests.integration.test_killed import (
    APPROVAL,
    ROTATE,
    cells,
    changed,
    files,
    key_ids,
    of_each_file,
    published,
)
from tests.integration.test_person_level_door import content, written

__all__ = ["published"]

# Of the return and of the export beside it.
PEOPLE, EXPORTED, CHOSEN = 60, 300, 3
# A file system in memory gives and takes whole pages.
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
DISK_BYTES = 300_000_000


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A return, an export of the year before and a table of the council, without a release."""
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))
    found = Settings(workspace=tmp_path / "workspace")
    offered = [written(tmp_path / "small.xml", xml(PEOPLE)), *map(Path, files(tmp_path)[1:])]
    ingest(offered, found)
    return found


def full(
    settings: Settings, *words: str, largest: int | None = None, told: str = ""
) -> killing.Run:
    """The command on a full disk, or where no file may grow beyond a size: it says what to do."""
    run = killing.send(settings.workspace, *words, largest=largest, told=told)
    assert run.process.exitcode in (1, 2), run.said
    # What it says is a file too, and may have been cut before its end.
    is_cut = largest is not None and len(run.said.encode()) >= largest
    assert "What to do" in run.said or is_cut
    assert "Traceback" not in run.said
    assert "a fault of the program" not in run.said
    return run


def ends(settings: Settings, *words: str, told: str = "") -> None:
    run = killing.send(settings.workspace, *words, told=told)
    assert run.process.exitcode == 0, run.said


def test_a_build_or_publication_on_a_full_disk_leaves_readers_what_they_read(
    published: Settings,
) -> None:
    changed(published)
    before = cells(published)
    for largest in (100_000, 2_000_000):
        full(published, "build", largest=largest)
        assert cells(published) == before
    ends(published, "build")
    first = current_release(published.workspace)
    log = audit_log.path_of(published)
    # Of the differences, of the line in the log, which is torn then, and of what comes after it.
    for largest in (1_000, log.stat().st_size + 20):
        full(published, "publish", *APPROVAL, largest=largest)
        assert current_release(published.workspace) == first
        assert cells(published) == before
    ends(published, "publish", *APPROVAL)
    assert current_release(published.workspace) != first
    assert cells(published) != before
    assert check(published).faults == ()


@pytest.fixture
def disk(published: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The published release on a small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    options = f"size={DISK_BYTES},mode=0700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        shutil.copytree(published.workspace, place, dirs_exist_ok=True)
        yield Settings(workspace=place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(settings: Settings, pages: int) -> Path:
    """Take up all room on the disk but so many pages; gives the file that does."""
    filler = settings.workspace / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (1024 * PAGE_BYTES, PAGE_BYTES):
            with contextlib.suppress(OSError):
                while stream.write(bytes(size)):
                    pass
    os.truncate(filler, filler.stat().st_size // PAGE_BYTES * PAGE_BYTES - pages * PAGE_BYTES)
    return filler


@pytest.mark.long
def test_on_a_disk_that_is_full_to_the_last_page_small_files_are_whole_or_not_there(
    disk: Settings,
) -> None:
    """A limit of size lets the pointer and a line of the log through; a full disk does not."""
    changed(disk)
    before, first = cells(disk), current_release(disk.workspace)
    filler = fill(disk, pages=100)
    assert "no room left on the disk" in full(disk, "build").said
    assert cells(disk) == before
    filler.unlink()
    ends(disk, "build")
    for pages in (0, 1, 2, 4, 8):
        filler = fill(disk, pages)
        assert "no room left on the disk" in full(disk, "publish", *APPROVAL).said
        assert current_release(disk.workspace) == first
        assert cells(disk) == before
    filler.unlink()
    ends(disk, "publish", *APPROVAL)
    assert current_release(disk.workspace) != first
    assert cells(disk) != before
    ends(disk, "releases", "verify")


def test_a_backup_on_a_full_disk_leaves_no_file(workspace: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sealed"
    for largest in (1_000, 20_000):
        full(workspace, "backup", str(kept), largest=largest)
        assert not list(tmp_path.glob(f"{kept.name}*"))
    ends(workspace, "backup", str(kept))


def test_a_restore_on_a_full_disk_leaves_nothing(workspace: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept.sealed"
    ends(workspace, "backup", str(kept))
    back = Settings(workspace=tmp_path / "elsewhere" / "workspace")
    back.workspace.parent.mkdir()
    for largest in (1_000, 20_000):
        full(back, "restore", str(kept), largest=largest)
        assert not [path for path in back.workspace.parent.rglob("*") if path.suffix != ".said"]
    ends(back, "restore", str(kept))
    assert content(back) == content(workspace)


@pytest.mark.parametrize("largest", [1_000, 6_000, 20_000], ids=lambda size: f"{size}-bytes")
def test_a_change_of_key_on_a_full_disk_is_ended_by_the_same_command(
    workspace: Settings, largest: int
) -> None:
    wanted, old = of_each_file(content(workspace)), key_ids(workspace)
    full(workspace, *ROTATE, largest=largest)
    ends(workspace, *ROTATE)
    assert of_each_file(content(workspace)) == wanted
    assert len(key_ids(workspace)) == 1
    assert not key_ids(workspace) & old


@pytest.mark.parametrize("largest", [1_000, 6_000, 20_000], ids=lambda size: f"{size}-bytes")
def test_an_erasure_on_a_full_disk_is_ended_by_the_next_call(
    workspace: Settings, largest: int
) -> None:
    line = f"{upn(CHOSEN)}\n"
    full(workspace, "forget", largest=largest, told=line)
    again = killing.send(workspace.workspace, "forget", told=line)
    # What was begun is ended first, and then nobody is known by that any more.
    assert again.process.exitcode == 0 or "nobody is known here" in again.said, again.said
    assert len(content(workspace)["sen2_person"]) == PEOPLE + EXPORTED - 1
    plain = kept_plain(workspace)
    for name in ("surname", "forename", "upn", "uln"):
        assert marks(CHOSEN)[name].encode() not in plain
        assert marks(CHOSEN + 1)[name].encode() in plain
