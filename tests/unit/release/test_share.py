"""Who may read a release: its owner, and the group that is named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.release.files import write_atomically
from pipelines.release.reader import POINTER, Release
from pipelines.release.share import READERS, share
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A workspace that is written as the command writes, for its owner only."""
    before = os.umask(0o077)
    yield Settings(workspace=tmp_path / "workspace")
    os.umask(before)


@pytest.fixture
def release(settings: Settings) -> Release:
    folder = settings.releases / "2026-11-22-a"
    for name in ("public.duckdb", "manifest.json"):
        write_atomically(folder / name, "content")
    write_atomically(settings.releases / POINTER, "2026-11-22-a")
    write_atomically(settings.workspace / "log" / "kept.jsonl", "{}")
    return Release(folder.name, folder, {})


def modes(settings: Settings) -> dict[str, int]:
    paths = settings.workspace.rglob("*")
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in paths}


def test_without_a_group_everything_stays_its_owner_s(
    settings: Settings, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(READERS, raising=False)
    before = modes(settings)
    share(settings, release)
    assert modes(settings) == before
    assert all(mode & 0o077 == 0 for mode in before.values())


def test_the_group_reads_releases_and_nothing_else_and_writes_nothing(
    settings: Settings, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(READERS, str(os.getgid()))
    share(settings, release)
    found = modes(settings)
    assert {name for name, mode in found.items() if mode & 0o040} == {
        *("releases", "2026-11-22-a", "public.duckdb", "manifest.json", POINTER),
    }
    assert all(mode & 0o027 == 0 for mode in found.values())
    assert (settings.releases / POINTER).stat().st_gid == os.getgid()


def test_a_group_that_is_not_there_is_said(
    settings: Settings, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(READERS, "no-such-group-here")
    with pytest.raises(InputError, match="no group 'no-such-group-here'"):
        share(settings, release)
