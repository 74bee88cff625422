"""Eight readers at once on one process, in short (P13); thirty for minutes are in tests/long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY

READERS, SECONDS, ARRIVAL, THINK = 8, 20.0, 4.0, 1.0


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark, which is a script beside others and no package."""
    monkeypatch.syspath_prepend(str(PROJECT_ROOT / "bench"))
    return __import__("load")


def test_eight_readers_at_once_are_answered_without_an_error(
    load: Any, county_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How soon depends on the machine and on what runs beside it: not asked here."""
    monkeypatch.setattr(load, "ARRIVAL_SECONDS", ARRIVAL)
    plan = load.Plan(users=READERS, think=THINK, seconds=SECONDS)
    with ThreadPoolExecutor(1) as thread:  # this one's loop may be the browser's
        told = thread.submit(load.measured, county_workspace, SAMPLE_COUNTY, plan, 1).result()
    assert told.errors == []
    assert len(told.answers) >= READERS
