"""What is said of the backlog is true for any forecast: near, far, never, met, and doubtful."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.words.backlog import (
    HELD_LEAST,
    HELD_MOST,
    Clearance,
    band_words,
    clearance_sentences,
    clearance_title,
    doubt,
    goal_words,
    late_sentence,
    miss,
    rate_title,
    record_sentence,
    record_title,
    what_if_words,
)
from dashboards.words.titles import MOST_WORDS
from pipelines.analysis import scoring

START = date(2025, 9, 1)
FIRST, HALF, LAST = date(2025, 12, 8), date(2025, 12, 22), date(2026, 1, 5)
TOLD = Clearance(
    title="The extra team stays",
    order="oldest_first",
    start=START,
    overdue=300,
    goal=10,
    dates=(FIRST, HALF, LAST),
    never=0.0,
    back=0.0,
    weeks=104,
    arrivals=28.0,
    completions=48.0,
    goal_date=date(2025, 12, 24),
    chance=0.61,
    needed=48.6,
)


def said(**changed: object) -> str:
    return " ".join(clearance_sentences(replace(TOLD, **changed)))  # type: ignore[arg-type]


def test_a_forecast_gives_three_dates_the_chance_and_what_it_would_take() -> None:
    text = said()
    assert "300 cases were overdue. The goal is 10 overdue cases or fewer." in text
    assert "by 8 December 2025, half by 22 December 2025, nine in ten by 5 January 2026" in text
    assert "on 24 December 2025, the plan's date, is 61%" in text
    assert "48.6 cases a week" in text
    assert "it shrinks in the long run" in text


def test_dates_that_are_not_reached_are_not_dates() -> None:
    assert "fewer than nine in ten within 104 weeks" in said(dates=(FIRST, HALF, None))
    assert "more than half do not within 104 weeks" in said(dates=(FIRST, None, None))
    assert "Fewer than one run in ten gets there" in said(dates=(None, None, None))
    assert clearance_title(replace(TOLD, dates=(FIRST, None, None))).startswith("Fewer than half")


def test_equal_dates_are_told_once() -> None:
    assert "Nine runs in ten get there by 8 December 2025." in said(dates=(FIRST, FIRST, FIRST))
    assert said(dates=(FIRST, FIRST, LAST)).count("8 December 2025") == 1


def test_a_goal_that_is_met_has_no_date_to_come() -> None:
    text = said(overdue=4, dates=(START, START, START))
    assert "That is at the goal already." in text
    assert "run in ten" not in text
    assert clearance_title(replace(TOLD, overdue=4)) == "Overdue cases are at the goal already"


def test_runs_that_never_clear_or_relapse_are_counted() -> None:
    text = said(never=0.114, back=0.4185)
    assert "In 11% of the runs the goal is not reached at all, and in 42% it is reached" in text
    assert "In 42% it is reached and lost again" in said(back=0.4185)
    assert "of the runs" not in said()


def test_what_it_would_take_is_not_asked_where_the_chance_is_good() -> None:
    assert "To be 80% sure" in said(chance=0.79)
    assert "To be 80% sure" not in said(chance=0.8)
    assert "chance of" not in said(chance=None)


def test_a_queue_that_takes_in_more_than_it_finishes_grows() -> None:
    assert "it grows" in said(arrivals=28.0, completions=26.5)
    assert "stays as long" in said(arrivals=28.0, completions=28.04)


def test_no_chance_is_told_as_certain() -> None:
    assert "the plan's date, is under 1%." in said(chance=0.0, needed=None)
    assert "the plan's date, is over 99%." in said(chance=1.0)


def test_no_case_left_is_a_goal_in_words() -> None:
    assert goal_words(0) == "no overdue case"
    assert goal_words(1) == "1 overdue case or fewer"


DATES = st.one_of(st.none(), st.dates(START, date(2027, 9, 1)))


@given(
    st.lists(DATES, min_size=3, max_size=3),
    st.integers(0, 2000),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_every_title_is_short_and_no_sentence_prints_a_sign_of_nothing(
    dates: list[date | None], overdue: int, never: float, chance: float
) -> None:
    known = sorted(day for day in dates if day)
    ordered = (*known, *([None] * (3 - len(known))))
    told = replace(TOLD, dates=ordered, overdue=overdue, never=never, chance=chance)  # type: ignore[arg-type]
    assert len(clearance_title(told).split()) <= MOST_WORDS
    text = " ".join(clearance_sentences(told))
    assert "None" not in text
    assert "nan" not in text
    assert "  " not in text


def test_the_record_says_whether_the_range_can_be_relied_on() -> None:
    assert "about what an 80% range promises" in record_sentence(85.0, 0.7)
    assert "it is too narrow" in record_sentence(29.0, 2.0)
    assert "wider than it need be" in record_sentence(86.0, 2.0)
    assert "wider than it need be" in record_sentence(95.0, None)
    assert "nothing tests it" in record_sentence(None, None)
    assert "misses were smaller" in record_sentence(85.0, 0.7)
    assert "no smaller" in record_sentence(85.0, 1.0)
    assert record_title(None, 0) == "No earlier forecast can be checked yet"
    assert record_title(85.3, 136) == "The range held 85% of 136 past values"


def test_a_range_is_doubted_at_the_same_ends_as_in_the_release() -> None:
    assert (HELD_LEAST, HELD_MOST) == (scoring.HELD_LEAST, scoring.HELD_MOST)
    for held in range(101):
        assert (doubt(float(held)) == "") == scoring.is_reliable(float(held))
    assert not scoring.is_reliable(None)


def test_a_range_that_failed_is_doubted_beside_the_chart() -> None:
    assert "29%" in doubt(29.0)
    assert "92%" in doubt(92.0)
    assert doubt(75.0) == doubt(85.3) == ""
    assert doubt(None).startswith("Do not rely on this range")


@pytest.mark.parametrize(
    ("error", "text"),
    [(12.4, "12 too high"), (-13.0, "13 too low"), (-0.3, "none"), (0.0, "none"), (None, "")],
)
def test_a_lasting_miss_says_which_way(error: float | None, text: str) -> None:
    assert miss(error) == text


def test_the_rate_that_follows_rises_falls_or_stays() -> None:
    assert (
        rate_title(0.0, 85.0, "oldest_first") == "Oldest first: on-time rate rises from 0% to 85%"
    )
    assert "falls" in rate_title(100.0, 58.0, "newest_first")
    assert "stays near 85%" in rate_title(85.1, 84.9, "newest_first")
    assert "can be told" in rate_title(None, 84.9, "newest_first")


@pytest.mark.parametrize(
    ("issued", "late", "words"),
    [
        (
            60,
            35,
            "Of the 60 plans issued in January 2026 without a tribunal, 35 were already past 20 "
            "weeks",
        ),
        (60, 1, "1 was already past 20 weeks"),
        (60, 0, "none was already past 20 weeks."),
    ],
    ids=["many", "one", "none"],
)
def test_plans_that_were_late_already_are_counted(issued: float, late: float, words: str) -> None:
    cleared, may = (
        late_sentence(issued, late, "January 2026", is_cleared=is_cleared, leaves_out="a tribunal")
        for is_cleared in (True, False)
    )
    assert words in cleared
    assert words in may
    assert ("lowers the on-time rate" in cleared) == (late > 0)
    assert ("can lower the on-time rate" in may) == (late > 0)


def test_where_half_and_nine_tenths_of_the_runs_come_at_once_the_title_says_so() -> None:
    first, middle, _ = TOLD.dates
    at_once = replace(TOLD, dates=(first, middle, middle))
    assert clearance_title(at_once).startswith("Nine runs in ten: goal reached by")
    assert clearance_title(TOLD).startswith("Half the runs")


def test_a_band_without_width_is_not_called_shaded() -> None:
    assert "Shaded" not in band_words([4.0, 0.2], [4.0, 0.4])
    assert band_words([4.0, 0.2], [4.0, 1.4]).startswith("Shaded: eight runs in ten")


def test_without_counts_nothing_is_said_of_late_plans() -> None:
    assert late_sentence(None, None, "2025", is_cleared=True, leaves_out="") == ""
    assert late_sentence(0, 0, "2025", is_cleared=True, leaves_out="") == ""


def test_a_question_that_changes_nothing_says_so() -> None:
    assert what_if_words([]).startswith("Nothing is changed")
    assert what_if_words(["a", "b"]) == "Changed from now on: a; b."
    assert what_if_words(["a"], 4) == "Changed after 4 weeks: a."
    assert what_if_words([], 4).startswith("Nothing is changed")
