"""The fan of the backlog can be seen, whatever came before it, and says what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from dashboards.components.backlog_fan import below, drawn_weeks, fan_axis
from dashboards.words.backlog import Clearance, drawn_words, left_out_words

START = date(2026, 1, 31)
WEEK = timedelta(weeks=1)
TOLD = Clearance(
    title="The extra team stays",
    order="oldest_first",
    start=START,
    overdue=20,
    goal=10,
    dates=(START + WEEK, START + WEEK, START + WEEK),
    never=0.0,
    back=0.0,
    weeks=104,
    arrivals=20.0,
    completions=30.0,
    goal_date=START + 26 * WEEK,
)
FAN = pd.DataFrame({"p10": [20.0, 0.0, 0.0], "p50": [20.0, 3.0, 0.0], "p90": [20.0, 8.0, 2.0]})
PAST = pd.DataFrame(
    {
        "day": [START - back * WEEK for back in (52, 20, 12, 2, 0)],
        "value": [18.0, 348.0, 61.0, 4.0, 20.0],
    }
)


@pytest.mark.parametrize(
    ("goal", "middle", "high"), [(10, None, 20), (10, 55.0, 60), (38, None, 40)]
)
def test_the_axis_is_that_of_the_fan_and_the_goal(
    goal: int, middle: float | None, high: float
) -> None:
    beside = None if middle is None else FAN.assign(p50=middle, p90=500.0)
    assert fan_axis(FAN, beside, goal).high == high


def test_what_was_observed_is_drawn_from_the_last_count_that_does_not_fit() -> None:
    kept = below(PAST, fan_axis(FAN, None, TOLD.goal))
    assert list(kept["value"]) == [4.0, 20.0]
    assert left_out_words(kept["day"].iloc[0]) == (
        "Counts before 17 January 2026 are left out: not all of them fit this axis."
    )
    assert len(below(PAST, fan_axis(FAN, None, 348))) == len(PAST)


@pytest.mark.parametrize(
    ("weeks", "drawn"),
    [
        ((1, 1, 1), 12),
        ((1, 2, 4), 12),
        ((1, 2, 30), 38),
        ((1, 2, 100), 104),
        ((1, 2, None), 34),
        ((None, None, None), 34),
    ],
)
def test_the_fan_ends_some_weeks_after_nine_runs_in_ten_are_there(
    weeks: tuple[int | None, int | None, int | None], drawn: int
) -> None:
    first, middle, last = (None if week is None else START + week * WEEK for week in weeks)
    assert drawn_weeks(replace(TOLD, dates=(first, middle, last))) == drawn


def test_a_fan_that_never_comes_there_has_half_a_year_at_least() -> None:
    never = replace(TOLD, dates=(None, None, None), goal_date=None)
    assert drawn_weeks(never) == 26
    assert drawn_weeks(replace(never, overdue=3)) == 12


def test_the_note_says_how_far_the_fan_is_drawn() -> None:
    assert drawn_words(START + 12 * WEEK, 12, 104) == (
        "Drawn up to 25 April 2026; the table goes on to the end of the 104 weeks simulated."
    )
    assert drawn_words(START + 104 * WEEK, 104, 104) == ""
