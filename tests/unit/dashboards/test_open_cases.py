"""The list of open cases: what is asked for is shown, in that order, and nothing of a child."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboards.components.open_cases import ALL, SORTS, chosen_rows, printed
from dashboards.words import open_cases as words

FRAME = pd.DataFrame(
    [
        ("b" * 32, "Ashmarrow", "in_assessment", 143, "final_plan", -3, True),
        ("a" * 32, "Cawthrey", "in_assessment", 143, "final_plan", -3, True),
        ("c" * 32, "Ashmarrow", "awaiting_decision", 150, "decision", -108, True),
        ("d" * 32, "Dunsabel", "in_assessment", 120, "final_plan", 20, False),
        ("e" * 32, "Not known", "awaiting_decision", 3, "decision", 39, False),
        ("f" * 32, "Dunsabel", "awaiting_plan", None, "final_plan", None, False),
    ],
    columns=[
        *("pseudonym", "district", "case_stage", "days_open", "deadline_kind", "days_left"),
        "is_overdue",
    ],
).assign(received_date=pd.Timestamp("2025-09-10"), deadline_date=pd.Timestamp("2026-01-28"))


def shown(
    which: str = "every", stage: str = ALL, district: str = ALL, sort: str = "longest"
) -> str:
    return "".join(chosen_rows(FRAME, which, stage, district, sort)["pseudonym"].str[0])


def test_overdue_cases_come_longest_open_first_and_ties_by_pseudonym() -> None:
    assert shown("overdue") == "cab"


def test_cases_due_soon_are_those_not_yet_late() -> None:
    assert shown("soon") == "d"


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({"stage": "awaiting_decision"}, "ce"),
        ({"district": "Ashmarrow"}, "cb"),
        ({"stage": "in_assessment", "district": "Dunsabel"}, "d"),
        ({"stage": "awaiting_plan", "district": "Cawthrey"}, ""),
    ],
    ids=["stage", "district", "both", "none"],
)
def test_filters_keep_what_was_asked_for(asked: dict[str, str], rows: str) -> None:
    assert shown(**asked) == rows


def test_every_order_holds_every_case_and_a_missing_date_comes_last() -> None:
    assert {"".join(sorted(shown(sort=sort))) for sort in SORTS} == {"abcdef"}
    assert shown(sort="due") == "cabdef"
    assert shown(sort="longest").endswith("f")
    assert shown(sort="district")[:2] == "cb"


def test_a_row_shows_stage_deadline_and_days_and_half_a_pseudonym() -> None:
    table = printed(chosen_rows(FRAME, "overdue", ALL, ALL, "longest"))
    row = table.iloc[1].to_dict()
    assert row == {
        "Case": "a" * words.PSEUDONYM_SHOWN,
        "District": "Cawthrey",
        "Stage": "Being assessed",
        "Request received": "10 September 2025",
        "Days open": "143",
        "Next due": "Final plan, 28 January 2026",
        "Days left": "3 days late",
    }
    assert "a" * (words.PSEUDONYM_SHOWN + 1) not in table.to_csv()


def test_a_case_without_a_date_prints_no_sign_of_nothing() -> None:
    lines = chosen_rows(FRAME, "every", "awaiting_plan", ALL, "due").assign(deadline_date=pd.NaT)
    assert "nan" not in printed(lines).to_csv().lower()
    assert "nat" not in printed(lines).to_csv().lower()


@pytest.mark.parametrize(
    ("days", "text"),
    [(12, "12 days"), (1, "1 day"), (0, "today"), (-1, "1 day late"), (-33, "33 days late")],
)
def test_days_left_are_words(days: int, text: str) -> None:
    assert words.days_left(days) == text


def test_the_count_says_of_how_many() -> None:
    assert words.count(20, 522, "overdue") == "20 cases overdue, of 522 open."
    assert words.count(0, 522, "soon") == "No case is among those asked for, of 522 open."
    assert words.count(522, 522, "every") == "522 open cases."
