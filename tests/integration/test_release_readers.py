"""Where the pages have an account of their own, they can read whatever the pointer leads to.

At every moment: a pointer that is closed to them for the blink of an eye is a page that falls.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import InputError
from pipelines.ingest import forget_releases
from pipelines.release import approve
from pipelines.release.audit_check import records_of
from pipelines.release.erased import NOTE
from pipelines.release.reader import (
    APPROVAL,
    DIFF,
    POINTER,
    Release,
    all_releases,
    current_release,
)
from pipelines.release.share import READERS
from pipelines.settings import Settings
from tests.twins import twin

WHO, WHY = "Head of data", "A reason long enough"
APPROVED = ("--approved-by", WHO, "--reason", WHY, "--yes")
OPEN_FILE, OPEN_FOLDER = 0o640, 0o750


@pytest.fixture
def settings(sample_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A workspace that a test may change, whose readers are a group."""
    shutil.copytree(sample_workspace, tmp_path / "workspace")
    monkeypatch.setenv(READERS, str(group()))
    return Settings(workspace=tmp_path / "workspace")


def group() -> int:
    """Another group than this account's first, where it has one or may give to any."""
    others = [gid for gid in os.getgroups() if gid != os.getegid()]
    return 10_100 if os.geteuid() == 0 else (others or [os.getegid()])[0]


def closed(folder: Path) -> list[str]:
    """What of a folder the group could not read."""
    found = [folder, *folder.iterdir()]
    return [path.name for path in found if not is_open(path)]


def is_open(path: Path) -> bool:
    status = path.stat()
    wanted = OPEN_FOLDER if path.is_dir() else OPEN_FILE
    return (stat.S_IMODE(status.st_mode), status.st_gid) == (wanted, group())


@pytest.fixture
def moments(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is closed to readers whenever the pointer takes its place: one list a time."""
    found: list[list[str]] = []
    real = Path.replace

    def watched(path: Path, target: Path) -> Path:
        if target.name != POINTER:
            return real(path, target)
        name = path.read_text(encoding="utf-8").strip()
        before = [*closed(settings.releases / name), *([] if is_open(path) else [path.name])]
        done = real(path, target)
        found.append([*before, *([] if is_open(target) else [target.name])])
        return done

    monkeypatch.setattr(Path, "replace", watched)
    return found


def test_whatever_the_pointer_moves_to_is_open_before_it_does(
    settings: Settings, moments: list[list[str]]
) -> None:
    (first,) = all_releases(settings.workspace)
    other = twin(settings, first, 1)
    assert closed(other.folder), "a candidate is its owner's"
    approve.publish(settings, other, WHO, WHY)
    approve.rollback(settings, first, WHO, WHY)
    assert moments == [[], []]
    assert {APPROVAL, DIFF} <= {path.name for path in other.folder.iterdir()}
    assert closed(other.folder) == closed(first.folder) == []


def test_what_a_publication_that_was_broken_off_left_closed_is_opened_by_the_next(
    settings: Settings, run_send: Callable[..., Any]
) -> None:
    (release,) = all_releases(settings.workspace)
    pointer = settings.releases / POINTER
    assert {release.id, *(path.name for path in release.folder.iterdir())} == set(
        closed(release.folder)
    ), "it was published without a group"
    assert not is_open(pointer)
    before = records_of(settings)
    done = run_send(settings.workspace, "publish", *APPROVED)
    assert done.returncode == 0, done.stderr
    assert "already" in done.stderr
    assert closed(release.folder) == []
    assert is_open(pointer)
    assert records_of(settings) == before


@pytest.mark.parametrize("named", ["no-such-group-here", "the group of somebody else"])
def test_a_group_that_nothing_can_be_given_to_is_told_before_anything_moves(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (first,) = all_releases(settings.workspace)
    other = twin(settings, first, 1)
    reviewed = approve.review(settings, other)
    if named != "no-such-group-here":
        monkeypatch.setattr(os, "geteuid", lambda: 4_242)
        named = str(max(os.getegid(), *os.getgroups(), 0) + 1)
    monkeypatch.setenv(READERS, named)
    before = records_of(settings)
    acts: tuple[Callable[[], object], ...] = (
        lambda: approve.review(settings, other),
        lambda: approve.publish(settings, other, WHO, WHY, reviewed),
        lambda: approve.rollback(settings, first, WHO, WHY),
    )
    for act in acts:
        with pytest.raises(InputError, match="group") as raised:
            act()
        assert raised.value.where == READERS
    assert records_of(settings) == before
    assert current_release(settings.workspace) == first
    assert not (other.folder / APPROVAL).exists()
    assert not (other.folder / DIFF).exists()


def test_a_file_that_is_written_anew_stays_open_to_its_readers(settings: Settings) -> None:
    release = shared(settings)
    statement = "delete from work.marts.plan_note"
    forget_releases.rewrite(
        settings,
        release.officer_path,
        lambda work: work.execute(statement) and None,
        forget_releases.WHY,
    )
    assert (release.folder / NOTE).is_file()
    assert closed(release.folder) == []


def shared(settings: Settings) -> Release:
    (release,) = all_releases(settings.workspace)
    approve.rollback(settings, release, WHO, WHY)
    return release
