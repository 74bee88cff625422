"""A workspace as one sealed file and back: whole, or not at all, and nobody erased comes back."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from pipelines.errors import FailedCheckError, InputError
from pipelines.ingest import door, keys, sealed
from pipelines.ingest.door import ingest
from pipelines.release import audit_log
from pipelines.release.reader import current_release
from pipelines.settings import Settings
from pipelines.upkeep.backup import CONTENTS, back_up
from pipelines.upkeep.restore import restore
from tests.integration.person_level_files import marks, upn, xml
from tests.integration.test_person_level_door import content, leaks, written

PEOPLE, CHOSEN = 6, 3


@pytest.fixture
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def workspace(tmp_path: Path, _keys: None) -> Settings:
    """One return taken in, its file left in the inbox."""
    found = Settings(workspace=tmp_path / "workspace")
    (found.workspace / "inbox").mkdir(parents=True)
    ingest([written(found.workspace / "inbox" / "return.xml", xml(PEOPLE))], found)
    return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "other machine" / "workspace")


@pytest.fixture
def kept(workspace: Settings, tmp_path: Path) -> Path:
    return back_up(workspace, tmp_path / "kept.sealed").path


def hashes(settings: Settings) -> dict[str, str]:
    """Every file of a workspace that a backup is to hold; the audit log grows by the restore."""
    paths = (path for path in settings.workspace.rglob("*") if path.is_file())
    named = {path.relative_to(settings.workspace).as_posix(): path for path in paths}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in named.items()
        if name.split("/")[0] not in ("inbox", "warehouse")
        and path.suffix != ".lock"
        and not name.startswith("log/audit")
    }


def inside(path: Path) -> dict[str, bytes]:
    with path.open("rb") as stream:
        opened = sealed.Opened(stream, keys.keys_at_hand().raw, path.name)
        with tarfile.open(fileobj=io.BytesIO(opened.read()), mode="r") as archive:
            return {
                member.name: cast("BinaryIO", archive.extractfile(member)).read()
                for member in archive
            }


def resealed(path: Path, files: dict[str, bytes]) -> Path:
    """A file of the right key with other things in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, raw in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    with path.open("wb") as stream:
        sealer = sealed.Sealer(stream, keys.keys_at_hand().raw)
        sealer.write(buffer.getvalue())
        sealer.close()
    return path


def is_untouched(settings: Settings) -> bool:
    """Neither the workspace nor anything half-made beside it."""
    parent = settings.workspace.parent
    return not parent.exists() or not list(parent.iterdir())


def test_every_file_comes_back_as_it_was(
    workspace: Settings, elsewhere: Settings, kept: Path
) -> None:
    before = hashes(workspace)
    done = restore(elsewhere, kept)
    assert hashes(elsewhere) == before
    assert done.file_count > len(before) > 10
    log = audit_log.path_of(elsewhere).read_text(encoding="utf-8").splitlines()
    assert log[:-1] == audit_log.path_of(workspace).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["action"] for line in log[-2:]] == ["backup", "restore"]
    assert content(elsewhere) == content(workspace)
    modes = {path.stat().st_mode & 0o077 for path in elsewhere.workspace.rglob("*")}
    assert modes == {0}


def test_a_backup_tells_nothing_without_its_key(kept: Path, tmp_path: Path) -> None:
    assert kept.stat().st_mode & 0o077 == 0
    raw = kept.read_bytes()
    for number in range(PEOPLE):
        assert not [mark for mark in marks(number).values() if mark.encode() in raw]
    for name in keys.NAMES:
        assert (tmp_path / "keys" / name).read_bytes().strip() not in raw
    assert b"landing/" not in raw


def test_inside_a_backup_names_stand_in_the_sealed_raw_files_only(kept: Path) -> None:
    found = inside(kept)
    assert not [name for name in found if name.startswith(("inbox", "warehouse"))]
    together = b"".join(found.values())
    for number in range(PEOPLE):
        assert not [mark for mark in marks(number).values() if mark.encode() in together]


@pytest.fixture
def installed(elsewhere: Settings) -> Settings:
    """A workspace as an installation makes it: its folders are there, and a file waits."""
    for name in ("inbox", "releases"):
        (elsewhere.workspace / name).mkdir(parents=True)
    (elsewhere.workspace / "inbox" / "next month.csv").write_text("a\n")
    elsewhere.workspace.chmod(0o710)
    return elsewhere


def laid_out(settings: Settings) -> dict[str, bytes]:
    found = settings.workspace.rglob("*")
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in found}


def across_mounts(path: Path, to: Path) -> Path:
    raise OSError(errno.EXDEV, "Invalid cross-device link")


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("is_mount", [False, True], ids=["one disk", "a mount in it"])
def test_a_workspace_that_is_there_stays_the_folder_that_it_is(
    workspace: Settings,
    installed: Settings,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_mount: bool,
) -> None:
    place = installed.workspace.stat()
    if is_mount:
        monkeypatch.setattr(Path, "rename", across_mounts)
    restore(installed, kept)
    assert hashes(installed) == hashes(workspace)
    assert installed.workspace.stat().st_ino == place.st_ino
    assert installed.workspace.stat().st_mode & 0o777 == 0o710
    assert list(installed.workspace.parent.iterdir()) == [installed.workspace]
    names = {path.name for path in installed.workspace.iterdir()}
    assert {"inbox", "releases", "raw", "log"} <= names
    assert not [name for name in names if name.startswith(".")]
    assert (installed.workspace / "inbox" / "next month.csv").read_text() == "a\n"


def test_a_disk_that_fills_up_on_the_way_in_leaves_the_workspace_empty(
    installed: Settings, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name for name in laid_out(installed) if "inbox" in name}
    with monkeypatch.context() as full:
        full.setattr(Path, "rename", across_mounts)
        full.setattr("pipelines.upkeep.placing._copy", full_disk)
        with pytest.raises(OSError, match="No space left"):
            restore(installed, kept)
    assert {name for name in laid_out(installed) if not name.endswith("releases")} == before
    assert restore(installed, kept).file_count > 10


def test_a_damaged_backup_leaves_a_workspace_that_is_there_as_it_was(
    installed: Settings, kept: Path
) -> None:
    before = laid_out(installed)
    kept.write_bytes(kept.read_bytes()[:-100])
    with pytest.raises(InputError, match="does not open"):
        restore(installed, kept)
    assert laid_out(installed) == before


def test_a_restore_that_was_killed_on_the_way_in_is_told_and_nothing_is_deleted(
    installed: Settings, kept: Path
) -> None:
    (installed.workspace / ".restoring" / "raw").mkdir(parents=True)
    before = laid_out(installed)
    with pytest.raises(InputError, match="was interrupted here"):
        restore(installed, kept)
    assert laid_out(installed) == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda raw: raw[: len(raw) // 2], "does not open", id="cut"),
        pytest.param(
            lambda raw: raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:], "does not open", id="bit"
        ),
        pytest.param(lambda raw: raw[40:], "no whole backup", id="headless"),
        pytest.param(lambda _: b"", "no whole backup", id="empty"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    kept: Path, elsewhere: Settings, spoil: Callable[[bytes], bytes], said: str
) -> None:
    kept.write_bytes(spoil(kept.read_bytes()))
    with pytest.raises(InputError, match=said):
        restore(elsewhere, kept)
    assert is_untouched(elsewhere)


def test_a_file_missing_changed_or_added_inside_is_refused(
    kept: Path, elsewhere: Settings, tmp_path: Path
) -> None:
    found = inside(kept)
    name = next(name for name in found if name.startswith("landing/"))
    without = {other: raw for other, raw in found.items() if other != name}
    cases = [without, found | {name: b"other"}, {"log/more.jsonl": b"{}"} | found]
    cases += [
        {**found, "../outside": b"x"},
        {other: found[other] for other in found if other != CONTENTS},
    ]
    for number, case in enumerate(cases):
        with pytest.raises(InputError, match="no whole backup"):
            restore(elsewhere, resealed(tmp_path / f"{number}.sealed", case))
        assert is_untouched(elsewhere)
    assert not (tmp_path / "outside").exists()


def test_other_keys_do_not_open_it_and_none_are_made(
    kept: Path, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_KEYS", str(tmp_path / "none"))
    with pytest.raises(InputError, match="is missing"):
        restore(elsewhere, kept)
    assert not (tmp_path / "none" / "raw").exists()
    keys.keys_of(Settings(workspace=tmp_path / "somebody else's"))
    with pytest.raises(InputError, match="does not open it"):
        restore(elsewhere, kept)
    assert is_untouched(elsewhere)


def test_a_workspace_that_holds_something_is_never_written_over(
    workspace: Settings, kept: Path
) -> None:
    before = hashes(workspace)
    with pytest.raises(InputError, match="empty place"):
        restore(workspace, kept)
    assert hashes(workspace) == before


def test_a_backup_of_another_council_is_refused(kept: Path, elsewhere: Settings) -> None:
    with pytest.raises(InputError, match="of authority 860, and 330 is at home"):
        restore(Settings(workspace=elsewhere.workspace, council="330"), kept)
    assert is_untouched(elsewhere)


def test_a_backup_replaces_nothing_and_never_lies_in_the_workspace(
    workspace: Settings, kept: Path
) -> None:
    raw = kept.read_bytes()
    with pytest.raises(InputError, match="of that name already"):
        back_up(workspace, kept)
    assert kept.read_bytes() == raw
    with pytest.raises(InputError, match="lost with it"):
        back_up(workspace, workspace.workspace / "log" / "kept.sealed")


def test_a_backup_waits_for_no_build_and_says_so(workspace: Settings, tmp_path: Path) -> None:
    lock = workspace.workspace / "warehouse" / "build.lock"
    lock.parent.mkdir()
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(FailedCheckError, match="another build"):
            back_up(workspace, tmp_path / "meanwhile.sealed")
    assert not list(tmp_path.glob("meanwhile*"))


def test_a_release_that_was_not_built_so_is_not_brought_back(
    workspace: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    folder = workspace.releases / "2026-11-22-a"
    folder.mkdir(parents=True)
    (folder / "public.duckdb").write_bytes(b"changed since")
    stated = {"public.duckdb": {"sha256": "0" * 64, "size_bytes": 13}}
    manifest = {"built_at": "2026-11-22", "input_key": "0", "files": stated, "inputs": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    kept = back_up(workspace, tmp_path / "spoilt.sealed").path
    with pytest.raises(FailedCheckError, match="not the file that was built"):
        restore(elsewhere, kept)
    assert is_untouched(elsewhere)


def test_whoever_was_erased_since_is_erased_again(
    workspace: Settings, elsewhere: Settings, kept: Path, tmp_path: Path
) -> None:
    door.forget(workspace, upn(CHOSEN))
    log = tmp_path / "erased.jsonl"
    log.write_bytes((workspace.workspace / "log" / "erased.jsonl").read_bytes())
    done = restore(elsewhere, kept, log)
    assert done.erased_again == 1
    assert len(content(elsewhere)["sen2_person"]) == PEOPLE - 1
    assert content(elsewhere)["sen2_person"] == content(workspace)["sen2_person"]
    assert not list(leaks(elsewhere.workspace, list(marks(CHOSEN).values())))
    with pytest.raises(InputError, match="nobody is known here"):
        door.forget(elsewhere, upn(CHOSEN))


def test_without_that_log_the_person_is_back_and_one_can_ask_again(
    workspace: Settings, elsewhere: Settings, kept: Path
) -> None:
    door.forget(workspace, upn(CHOSEN))
    assert restore(elsewhere, kept).erased_again == 0
    assert len(content(elsewhere)["sen2_person"]) == PEOPLE
    door.forget(elsewhere, upn(CHOSEN))
    assert len(content(elsewhere)["sen2_person"]) == PEOPLE - 1


def test_another_file_is_no_log_of_erasures(kept: Path, elsewhere: Settings) -> None:
    with pytest.raises(InputError, match="no log of erasures"):
        restore(elsewhere, kept, kept)
    assert is_untouched(elsewhere)


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "installed"])
def test_a_published_workspace_comes_back_and_its_readers_may_read_it(
    sample_workspace: Path,
    tmp_path: Path,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    monkeypatch: pytest.MonkeyPatch,
    is_there: bool,
) -> None:
    monkeypatch.setenv("SEND_READERS", str(os.getgid()))
    kept = tmp_path / "sample.sealed"
    done = run_send(sample_workspace, "backup", str(kept), "--json")
    assert done.returncode == 0, done.stderr
    back = tmp_path / "back"
    if is_there:
        (back / "releases").mkdir(parents=True)
    done = run_send(back, "restore", str(kept), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    figures = [run_send(each, "kpi", "--json").stdout for each in (sample_workspace, back)]
    assert figures[0] == figures[1]
    current = current_release(sample_workspace)
    assert current
    assert told["current"] == current.id
    assert run_send(back, "releases", "verify", told["current"]).returncode == 0
    assert readable_by_the_group(back) == readable_with(back / "releases", told["current"])


def readable_by_the_group(workspace: Path) -> set[Path]:
    return {path for path in workspace.rglob("*") if path.stat().st_mode & 0o070}


def readable_with(releases: Path, current: str) -> set[Path]:
    """What the pages need of the release that people read, and nothing else."""
    folder = releases / current
    return {releases, releases / "CURRENT", folder, *folder.iterdir()}
