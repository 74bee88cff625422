"""The simulated on-time rate beside the forecast of the measure's own figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from dashboards.components.backlog_rate import contradicted, rate_record
from dashboards.words import backlog as words
from dashboards.words.backlog import NOT_TESTED, rate_doubt

DUE = date(2026, 12, 31)
WITHIN = "plans_within_20_weeks_share"


def promised(**other: Any) -> dict[str, Any]:
    """A milestone as queries.plan gives it, at risk by its measure's own months."""
    return {
        "kpi": WITHIN,
        "breakdown_topic": "All",
        "polarity": "high_is_good",
        "unit": "percent",
        "decimals": 1,
        "level_value": 75.0,
        "current_due_date": pd.Timestamp(DUE),
        "chance": 0.045,
        "chance_from": "forecast",
        **other,
    }


def simulated(middle: float, until: date = DUE) -> pd.DataFrame:
    """A year of four weeks that ends two days before a day, all with one middle."""
    days = [until - timedelta(days=2, weeks=4 * back) for back in reversed(range(13))]
    return pd.DataFrame({"day": days, "p10": middle, "p50": middle, "p90": middle})


def test_a_rate_that_contradicts_the_measures_own_forecast_says_so() -> None:
    row = promised()
    found = contradicted([row], simulated(100))
    assert found == (100, row)
    assert rate_doubt(NOT_TESTED, *found) == (
        f"{NOT_TESTED} It disagrees with the forecast of the measure itself: that gives the "
        "plan's milestone, at least 75% by 31 December 2026, a chance of 5%, while the simulated "
        "middle is 100% at that date."
    )


@pytest.mark.parametrize(
    ("other", "middle", "is_told"),
    [
        ({}, 100, True),
        ({}, 60, False),
        ({"chance": 0.9}, 100, False),
        ({"chance": 0.9}, 60, True),
        ({"chance": 0.5}, 60, False),
        ({"polarity": "low_is_good"}, 100, False),
        ({"polarity": "low_is_good"}, 60, True),
        ({"kpi": "plans_within_20_weeks_excluding_exceptions_share"}, 100, True),
        ({"kpi": "decisions_within_6_weeks_share"}, 100, False),
        ({"chance_from": "backlog"}, 100, False),
        ({"breakdown_topic": "Plan action"}, 100, False),
        ({"chance": None}, 100, False),
        ({"level_value": None}, 100, False),
    ],
)
def test_only_another_direction_of_its_own_forecast_is_a_contradiction(
    other: dict[str, Any], middle: float, is_told: bool
) -> None:
    found = contradicted([promised(**other)], simulated(middle))
    assert (found != (None, None)) == is_told
    if not is_told:
        assert rate_doubt(NOT_TESTED, *found) == NOT_TESTED


def test_a_day_that_the_simulation_does_not_reach_is_not_compared() -> None:
    for until in (DUE - timedelta(weeks=8), DUE + timedelta(weeks=60)):
        assert contradicted([promised()], simulated(100, until)) == (None, None)


def test_the_rate_is_that_of_the_four_weeks_that_end_last_before_the_day() -> None:
    frame = simulated(100, DUE + timedelta(weeks=8))
    frame.loc[frame["day"] == DUE - timedelta(days=2), "p50"] = 80.0
    assert contradicted([promised()], frame)[0] == 80


def test_of_several_the_first_by_its_day_is_told() -> None:
    early = promised(current_due_date=pd.Timestamp(DUE - timedelta(weeks=12)))
    assert contradicted([promised(), early], simulated(100))[1] is early


WITHOUT = "plans_within_20_weeks_excluding_exceptions_share"


def told(kpi: str = WITHIN, **other: Any) -> dict[str, Any]:
    """A milestone's row of queries.backlog.chances, by which the range was too narrow."""
    return {
        "kpi": kpi,
        "origin_count": 113,
        "mean_absolute_error": 33.1,
        "coverage_pct": 35.4,
        "own_months_error": 10.8,
        **other,
    }


def test_a_rate_that_was_tested_is_told_with_the_record_of_the_release() -> None:
    said = words.rate_record(told())
    assert "113 forecasts of this rate" in said
    assert "the range held 35% of what came" in said
    assert "missed by 33 percentage points" in said
    assert "the measure's own months by 11." in said
    assert "Do not rely" in said
    sound = words.rate_record(told(coverage_pct=80.0, own_months_error=None))
    assert "held 80%" in sound
    assert "own months" not in sound
    assert "Do not rely" not in sound


def test_the_record_is_of_the_order_that_is_drawn_and_first_of_the_rate_that_is() -> None:
    both = pd.DataFrame([told("overdue_cases"), told(), told(WITHOUT)])
    assert rate_record(both, "oldest_first") == told(WITHOUT)
    assert rate_record(both[:2], "oldest_first") == told()
    assert rate_record(both[:1], "oldest_first") is None
    assert rate_record(both, "newest_first") is None
    assert rate_record(pd.DataFrame(columns=["kpi"]), "oldest_first") is None


@pytest.mark.parametrize(
    "record", [None, told(origin_count=0, coverage_pct=None)], ids=["none", "empty"]
)
def test_a_rate_that_nothing_tests_says_so(record: dict[str, Any] | None) -> None:
    assert words.rate_record(record) == words.NOT_TESTED
    assert "Do not rely" in words.NOT_TESTED
