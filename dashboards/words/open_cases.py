"""The words of the list of open cases."""

from __future__ import annotations

from typing import Any

from dashboards import formats

SOON_DAYS = 28
PSEUDONYM_SHOWN = 12
STAGES = {
    "awaiting_decision": "Waiting for the decision to assess",
    "in_assessment": "Being assessed",
    "awaiting_plan": "Plan agreed, not yet issued",
}
DEADLINES = {
    "decision": "Decision",
    "draft_plan": "Draft plan or refusal",
    "final_plan": "Final plan",
}
WHICH = {
    "overdue": "Overdue",
    "soon": "Due within 4 weeks",
    "every": "All open",
}
SORTS = {
    "longest": "Longest open",
    "due": "Next due",
    "district": "District",
    "stage": "Stage",
}
NONE = "This release holds no rows of open cases."
PSEUDONYMS = (
    "A case is known here by the first twelve characters of its pseudonym. Names, dates of birth "
    "and pupil numbers are in no release."
)
NO_FILE = (
    "This list cannot be downloaded here. Row-level files are given out by the command send "
    "serve alone, to officers who have signed in, and each one is written into its log."
)


def days_left(days: Any) -> str:
    """'12 days', 'today', '3 days late'; empty where there is no date."""
    if not formats.is_number(days):
        return ""
    number = int(days)
    if number == 0:
        return "today"
    size = formats.plural(abs(number), "day")
    return size if number > 0 else f"{size} late"


def count(rows: int, every: int, which: str) -> str:
    """How many rows were asked for, of how many open cases."""
    if rows == 0:
        return f"No case is among those asked for, of {every:,} open."
    if rows == every:
        return f"{formats.plural(rows, 'open case')}."
    kinds = {"overdue": " overdue", "soon": " due within 4 weeks"}
    return f"{formats.plural(rows, 'case')}{kinds.get(which, '')}, of {every:,} open."


def caption(first: int, last: int, every: int) -> str:
    """Which rows of the list the table holds. first: counted from 0."""
    return f"Open cases {first + 1:,} to {last:,} of {every:,}"
