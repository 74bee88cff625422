"""Thirty readers at once, on one process and on two behind nginx (P13).

SEND_LOAD_MINUTES says for how long they are counted.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY

pytestmark = pytest.mark.long

MINUTES = float(os.environ.get("SEND_LOAD_MINUTES", "10"))
SECONDS_AN_ANSWER = 1.0
# Of what the servers hold once every reader has seen a first page.
GROWTH = 1.25


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark, which is a script beside others and no package."""
    monkeypatch.syspath_prepend(str(PROJECT_ROOT / "bench"))
    return __import__("load")


@pytest.mark.parametrize("processes", [1, 2])
def test_thirty_readers_are_answered_without_an_error_and_memory_stays_flat(
    load: Any, county_workspace: Path, processes: int
) -> None:
    if processes > 1 and not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    plan = load.Plan(seconds=MINUTES * 60)
    told = load.measured(county_workspace, SAMPLE_COUNTY, plan, processes)
    assert told.errors == []
    assert len(told.answers) > plan.users * plan.seconds / (plan.think + SECONDS_AN_ANSWER) / 2
    assert told.p(95) < SECONDS_AN_ANSWER
    assert told.memory[-1] < told.memory[0] * GROWTH
