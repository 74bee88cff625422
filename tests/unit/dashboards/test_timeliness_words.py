"""The first sentences of Timeliness and backlog, on figures that agree, differ, or are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboards.words.timeliness import (
    Queue,
    Rate,
    band_title,
    census_day,
    cleared,
    january_words,
    lawful_words,
    lead,
    stage_title,
    when_counted,
)
from tests.unit.ingest.sen2.returns import DESCRIBED

QUEUE = Queue("On 31 January 2026", 522.0, 20.0, 136.0, "January 2025", "2026-01")
RATE = Rate(
    "2025", 22.8, "22.8%", -12.5, "Down 12.5 percentage points since 2024", "45.5%", 1020.0, 700.0
)


def said(queue: Queue | None = QUEUE, rate: Rate | None = RATE) -> str:
    return " ".join(lead("Ourshire", queue, rate))


def test_the_position_gives_queue_and_rate_and_england() -> None:
    text = said()
    assert "522 cases were open and 20 of them overdue, 116 fewer overdue than in Jan" in text
    assert "22.8% came within 20 weeks (England: 45.5%)" in text
    assert "Down 12.5 percentage points since 2024." in text


def test_a_falling_rate_beside_a_falling_queue_is_explained() -> None:
    text = said()
    assert "320 more plans were already late when they were issued" in text
    assert "Clearing the queue lowered the rate." in text


@pytest.mark.parametrize("before", [1020.0, 1200.0, None], ids=["same", "more", "unknown"])
def test_a_fall_that_late_plans_do_not_explain_is_not_put_down_to_the_queue(
    before: float | None,
) -> None:
    rate = replace(RATE, late_before=before)
    assert not cleared(QUEUE, rate)
    assert "lowered the rate" not in said(rate=rate)
    assert "can lower the rate" in said(rate=rate)


def test_a_queue_of_another_year_says_nothing_of_the_rate() -> None:
    later = replace(QUEUE, period="2026-11")
    assert cleared(QUEUE, RATE)
    assert not cleared(later, RATE)
    assert "Both" not in said(later)
    assert "Both" in said(replace(QUEUE, period="2025-12"))


def test_a_rising_rate_beside_a_rising_queue_is_explained() -> None:
    worse = replace(QUEUE, overdue=200.0)
    text = said(worse, replace(RATE, change=3.0))
    assert "64 more overdue" in text
    assert "more of them are overdue" in text


@pytest.mark.parametrize(
    ("overdue", "change"), [(20.0, 3.0), (200.0, -3.0), (136.0, -3.0), (20.0, 0.0)]
)
def test_figures_that_agree_need_no_explanation(overdue: float, change: float) -> None:
    text = said(replace(QUEUE, overdue=overdue), replace(RATE, change=change))
    assert "Both" not in text


def test_nothing_is_compared_with_a_year_that_is_not_held() -> None:
    text = said(replace(QUEUE, before=None))
    assert text.startswith("On 31 January 2026, 522 cases were open and 20 of them overdue.")
    assert "Both" not in text


def test_as_many_overdue_as_a_year_ago_is_said() -> None:
    assert "as many as in January 2025" in said(replace(QUEUE, overdue=136.0))


def test_each_half_stands_alone() -> None:
    assert "England" not in said(rate=None)
    assert said(queue=None).startswith("Of the plans issued in 2025")
    assert said(replace(QUEUE, overdue=None), None) == "On 31 January 2026, 522 cases were open."


def test_without_any_figure_the_page_says_so() -> None:
    assert said(None, None) == (
        "This release holds no figure of open cases and none of plans issued on time for Ourshire."
    )


def test_one_case_and_no_case_are_words_too() -> None:
    one = Queue("In May 2025", 1.0, 0.0)
    assert said(one, None) == "In May 2025, 1 case was open and none was overdue."
    assert stage_title(0, 0) == "No case is open"
    assert stage_title(0, 12) == "0 of 12 open cases are past the next deadline"
    assert stage_title(1, 12) == "1 of 12 open cases is past the next deadline"
    assert band_title(0, 12) == "0 of 12 open cases are overdue"
    assert band_title(None, 12) == "12 cases are open"
    assert band_title(None, None) == "Open cases by age"
    assert band_title(20, 522) == "20 of 522 open cases are overdue"


def test_late_cases_with_a_lawful_reason_are_told_apart() -> None:
    assert lawful_words(0) == ""
    assert lawful_words(3).startswith("3 cases are past 20 weeks and not overdue")


def test_a_january_return_beside_a_newer_extract_is_explained() -> None:
    told = ("15 January 2026", 4), ("31 January 2026", 20)
    text = january_words("January 2026", *told)
    assert "4 overdue cases on 15 January 2026" in text
    assert "January return" in text
    assert "20 overdue cases" in text


@pytest.mark.parametrize(
    ("period", "edition", "expected"),
    [
        pytest.param(
            "2026-01", "2026", "On 15 January 2026, as counted for the annual return", id="return"
        ),
        pytest.param(
            "2025-01",
            "2025-r2",
            "On 16 January 2025, as counted for the annual return",
            id="return-handed-in-again",
        ),
        pytest.param("2026-01", "2026-01", "In January 2026", id="extract-of-january"),
        pytest.param("2025-12", "2025-12", "In December 2025", id="extract"),
    ],
)
def test_a_count_of_the_january_return_is_told_with_its_day(
    period: str, edition: str, expected: str
) -> None:
    assert when_counted(period, edition) == expected


def test_the_day_of_the_return_is_the_one_that_returns_are_checked_by() -> None:
    known = DESCRIBED.census_dates
    assert len(known) > 3
    assert {year: census_day(year) for year in known} == known


def test_two_readers_quote_two_days_and_not_two_counts_of_one_month() -> None:
    of_all = said(replace(QUEUE, when=when_counted("2026-01", "2026"), open_cases=519.0))
    assert of_all.startswith(
        "On 15 January 2026, as counted for the annual return, 519 cases were open"
    )
