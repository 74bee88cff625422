"""What the benchmarks print of a release, and where they say that there is nothing to time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.release.reader import Release
from pipelines.settings import PROJECT_ROOT


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark, which is a script beside others and no package."""
    monkeypatch.syspath_prepend(str(PROJECT_ROOT / "bench"))
    return __import__("run")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_slow_first_question_stands_by_itself(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [0.9, *[0.1] * 19, 0.2, *[0.1] * 19]
    monkeypatch.setattr(run.pages, "what_if", lambda *_: answers)
    first, others = run.pages.asking(None, "http://localhost")
    assert cells(first) == ["what-if, the first after opening", "0.90 s", "", "", "0.3 s"]
    assert cells(others)[1] == "0.10 s, 0.10 s, 0.20 s"


@pytest.mark.parametrize("part", ["pages", "rollback"])
def test_a_workspace_without_a_release_is_said_to_have_none(
    part: str, run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(run.lines(part, None, 1, tmp_path)) == []
    told = capsys.readouterr().err
    assert f"no {part}" in told
    assert str(tmp_path) in told


def test_the_pages_of_a_published_release_are_timed_for_its_own_council(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Release("2026-11-23-abc", tmp_path, {"council": "999"})
    monkeypatch.setattr(run, "current_release", lambda _: release)
    monkeypatch.setattr(run.pages, "measured", lambda *asked: iter([asked]))
    ((home, council, rounds, soak),) = run.lines("pages", None, 1, tmp_path)
    assert (home, council) == (tmp_path.resolve(), "999")
    assert (rounds, soak) == (run.pages.ROUNDS, run.pages.SOAK)
