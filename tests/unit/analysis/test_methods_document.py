"""The worked figures of docs/methods.md are what the functions give; those from published files
are held to it in tests/real/test_backtest_real.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipelines.analysis import backlog
from pipelines.analysis.queue_ratios import load
from pipelines.analysis.scoring import score_chances
from pipelines.analysis.stock_flow import kept_share, new_share_needed

METHODS = Path(__file__).resolve().parents[3] / "docs" / "methods.md"


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join(METHODS.read_text(encoding="utf-8").split())


def day(value: date | None) -> str:
    assert value is not None
    return f"{value.day} {value:%B}"


def test_every_section_says_what_would_make_it_wrong(text: str) -> None:
    whole = METHODS.read_text(encoding="utf-8")
    sections = whole.split("\n## ")[1:]
    assert len(sections) == 9
    for section in sections:
        assert "**What would make it wrong.**" in section
        assert "**Worked" in section
        assert 120 < len(section.split()) < 620


def test_the_backlog_that_is_worked_through(text: str) -> None:
    generator = np.random.default_rng(2025)
    ages = np.concatenate([generator.uniform(0, 20, 560), generator.uniform(20.1, 62, 300)])
    came, gone = (generator.poisson(28, 52).astype(float) for _ in range(2))
    queue, start = backlog.Queue(ages, came, gone), date(2025, 9, 1)
    team = backlog.Scenario("team", (backlog.staff("team", 20, 0),))
    cells = []
    for order in ("oldest first", "newest first"):
        (made,) = backlog.forecast(queue, [team], order=order, seed=1)
        days = ", ".join(day(backlog.date_of(start, week)) for week in made.clear_weeks)
        first, fifth = made.on_time_pct[1][[0, 4]]
        cells.append((days, f"{100 * made.chance_by(16):.0f}%", f"{first:.0f}%", f"{fifth:.0f}%"))
    for oldest, newest in zip(*cells, strict=True):
        assert f"| {oldest} | {newest} |" in text
    needed = backlog.needed_capacity(queue, 16, seed=1)
    assert needed is not None
    assert f"takes {needed:.1f} finished cases a week, {needed - gone.mean():.1f} more" in text
    assert f"load {load(came, gone):.2f}" in text


def test_the_share_of_new_plans_that_is_worked_through(text: str) -> None:
    kept = kept_share([2405, 2778, 3505], [843, 1239])
    assert f"{100 * kept:.0f}% were still there" in text
    three = new_share_needed(3505, kept, [1850, 2050, 2250], 13_900, 45.5)
    two = new_share_needed(3505, kept, [1850, 2050], 12_500, 45.5)
    one = new_share_needed(3505, kept, [1850], 11_200, 45.5)
    assert f"{three.needed_pct:.0f}% of new plans would have to be" in text
    assert f"12,500 plans it would be {two.needed_pct:.0f}%" in text
    assert one.needed_pct is None


def test_the_brier_score_that_is_worked_through(text: str) -> None:
    found = score_chances([0.9, 0.7, 0.2], [1, 0, 0])
    assert f"/ 3 = {found.brier:.2f}" in text
    assert f"{found.stated_pct:.0f}%, happened {found.happened_pct:.0f}%" in text
