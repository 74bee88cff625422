"""The benchmark of going back: in a copy, by the command as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.release.files import sha256
from pipelines.release.reader import current_release
from pipelines.settings import PROJECT_ROOT


@pytest.fixture
def rollback(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark, which is a script beside others and no package."""
    monkeypatch.syspath_prepend(str(PROJECT_ROOT / "bench"))
    return __import__("rollback")


def kept_in(workspace: Path) -> dict[str, str]:
    """The hash of every file of releases and log by its path."""
    return {
        str(path.relative_to(workspace)): sha256(path)
        for folder in ("releases", "log")
        for path in sorted((workspace / folder).rglob("*"))
        if path.is_file()
    }


def test_going_back_is_timed_and_the_workspace_left_as_it_was(
    rollback: Any, sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, release = kept_in(sample_workspace), current_release(sample_workspace)
    timed, reached = rollback.timed, []

    def noted(settings: Any, *words: str) -> tuple[float, float]:
        times = timed(settings, *words)
        reached.append(current_release(settings.workspace).id)
        return times

    monkeypatch.setattr(rollback, "timed", noted)
    clock, worked = rollback.rollback_rows(sample_workspace, release, 1)
    assert clock[0] == "send releases rollback / send --help"
    assert clock[3] == rollback.LIMIT
    assert all(seconds > 0 for row in (clock, worked) for seconds in row[1:3])
    # Rollback and bare start by turns, there and back.
    assert reached == [release.id] * 2 + [f"{release.id}-again"] * 2
    assert kept_in(sample_workspace) == before
