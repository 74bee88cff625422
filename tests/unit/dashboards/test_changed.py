"""What changed since the release before is said figure by figure, and nothing is left out."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.words.changed import (
    Newest,
    line,
    milestone_line,
    more_line,
    plan_summary,
    register_summary,
    summary,
    verdict_line,
)
from tests.unit.dashboards.measures import measure

SHARE = measure(title="Plans in time")
OLD = Newest("2024", "2024", 35.3, 1)
NEW = Newest("2025", "2025", 22.8, 1)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (OLD, OLD, ""),
        (None, None, ""),
        (OLD, NEW, "Plans in time: 22.8% in 2025; it was 35.3% in 2024."),
        (None, NEW, "Plans in time: 22.8% in 2025; the release before had none."),
        (OLD, None, "Plans in time: no figure any more; it was 35.3% in 2024."),
        (
            OLD,
            Newest("2024", "2024", 35.4, 1),
            "Plans in time, 2024: 35.4% [r]; it was 35.3% before the revision.",
        ),
        (OLD, Newest("2024", "2024", 35.304, 1), ""),
    ],
    ids=["same", "none", "newer", "first", "gone", "revised", "below the printed decimals"],
)
def test_each_measure_says_how_its_newest_figure_differs(
    before: Newest | None, now: Newest | None, expected: str
) -> None:
    assert line(SHARE, before, now) == expected


def test_the_summary_counts_what_differs() -> None:
    assert summary(True, (), 8).startswith("No release was published before this one")
    assert summary(False, (), 8) == "No figure on the cards has changed."
    assert summary(False, ("a",), 8) == (
        "The newest figure of 1 of the 8 measures on the cards differs."
    )
    assert summary(False, ("a", "b"), 8).endswith("cards differ.")


def promised(**changed: Any) -> dict[str, Any]:
    """A milestone as queries.plan gives it."""
    return {
        "milestone_text": "Three plans in four are in time",
        "unit": "percent",
        "decimals": 1,
        "polarity": "high_is_good",
        "current_due_date": "2026-12-31",
        "current_value": 75.0,
        "level_value": 75.0,
        "level_area_name": None,
        "plan_status": "at_risk",
    } | changed


PROMISE = promised()
LATER = promised(current_due_date="2027-12-31")
LOWER = promised(current_value=70.0, level_value=70.0)
MISSED = promised(plan_status="missed")
BOTH = promised(current_due_date="2027-12-31", plan_status="not_yet_due")
AS_ENGLAND = promised(current_value=None, level_value=45.5, level_area_name="England")
ENGLAND_SINCE = promised(current_value=None, level_value=47.1, level_area_name="England")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (PROMISE, PROMISE, ""),
        (PROMISE, LATER, "was due on 31 December 2026, is now due on 31 December 2027."),
        (PROMISE, LOWER, "was at least 75%, is now at least 70%."),
        (PROMISE, MISSED, "was at risk, is now missed."),
        (
            PROMISE,
            BOTH,
            "was due on 31 December 2026, is now due on 31 December 2027; "
            "was at risk, is now not yet due.",
        ),
        (AS_ENGLAND, ENGLAND_SINCE, ""),
        (PROMISE, AS_ENGLAND, "was at least 75%, is now the figure of England."),
        (None, PROMISE, "new, at least 75% by 31 December 2026."),
        (PROMISE, None, "taken away, was at least 75% by 31 December 2026."),
    ],
    ids=[
        *("same", "moved-day", "moved-value", "status", "day-and-status"),
        *("england-moved", "another-level", "new", "gone"),
    ],
)
def test_a_milestone_says_how_its_promise_and_its_status_differ(
    before: dict[str, Any] | None, now: dict[str, Any] | None, said: str
) -> None:
    expected = f"Three plans in four are in time: {said}" if said else ""
    assert milestone_line(before, now) == expected


def test_the_plans_changes_are_counted_by_what_they_are() -> None:
    assert plan_summary([(PROMISE, PROMISE), (AS_ENGLAND, ENGLAND_SINCE)]) == (
        "No milestone of the delivery plan was moved or has another status."
    )
    assert plan_summary([(PROMISE, LATER), (PROMISE, PROMISE)]) == (
        "Of the delivery plan's milestones, 1 was moved."
    )
    pairs = [(PROMISE, LATER), (PROMISE, BOTH), (PROMISE, MISSED), (PROMISE, MISSED)]
    assert plan_summary([*pairs, (None, PROMISE), (PROMISE, None)]) == (
        "Of the delivery plan's milestones, 2 were moved, 3 have another status, 1 is new and "
        "1 was taken away."
    )


def judged(verdict: str) -> dict[str, Any]:
    """A statement as queries.register gives it."""
    return {"claim_id": "C18", "statement": "There are 8,300 plans.", "verdict": verdict}


TRUE, OLD_NEWS = judged("confirmed"), judged("out_of_date")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (TRUE, TRUE, ""),
        (TRUE, OLD_NEWS, "the verdict was “confirmed”, it is now “out of date”."),
        (None, TRUE, "new; the verdict is “confirmed”."),
        (OLD_NEWS, None, "taken away; the verdict was “out of date”."),
    ],
    ids=["same", "another", "new", "gone"],
)
def test_a_statement_says_how_its_verdict_differs(
    before: dict[str, Any] | None, now: dict[str, Any] | None, said: str
) -> None:
    assert verdict_line(before, now) == (f"C18, There are 8,300 plans: {said}" if said else "")


def test_the_registers_changes_are_counted_by_what_they_are() -> None:
    assert register_summary([(TRUE, TRUE)]) == "No public statement has another verdict."
    assert register_summary([(TRUE, OLD_NEWS), (TRUE, TRUE), (None, TRUE), (None, TRUE)]) == (
        "Of the public statements, 1 has another verdict and 2 are new."
    )


def test_what_is_not_told_one_by_one_is_counted_with_the_page_that_shows_it() -> None:
    assert more_line(0, "Delivery plan") == more_line(-2, "Delivery plan") == ""
    assert (
        more_line(4, "Delivery plan") == "And 4 more; the page Delivery plan shows how each stands."
    )
    assert more_line(4, "") == "And 4 more."
