"""A council's queue for assessment as it is held on a day: who waits, and the weeks before.

The bridge from the rows to pipelines/analysis/backlog.py. What a scenario's actions do to the weeks
observed before them stands in actions.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.analysis.backlog import Queue
from pipelines.analysis.ranges import Floats
from pipelines.judgement.asked import rows as rows_of

if TYPE_CHECKING:
    import duckdb

# The weeks that coming ones are drawn from: a whole year, so that August and Christmas are in it,
# and no more, because older weeks had other staff. With less than half a year nothing is said.
HISTORY_WEEKS = 52
LEAST_WEEKS = 26
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Held:
    """The queue of one council on one day.

    Attributes:
        start: the day of the return or extract whose open cases wait.
        mondays: first days of the observed weeks, one after the other.
        queue: what the analysis needs.
        is_estimated: whether exits without a date were spread evenly over some of these weeks.
    """

    la_code: str
    start: date
    mondays: tuple[date, ...]
    queue: Queue
    is_estimated: bool


@dataclass(frozen=True)
class Rows:
    """Everything that is held of one council: open cases by day, and weeks."""

    la_code: str
    cases: dict[date, list[dict[str, Any]]]
    weeks: list[dict[str, Any]]

    @property
    def days(self) -> list[date]:
        """The days of returns and extracts, oldest first."""
        return sorted(self.cases)

    def overdue_on(self, day: date) -> int:
        """Overdue cases on the day of a return or extract."""
        return sum(case["is_overdue"] for case in self.cases[day])

    def finished(self, first: date, before: date) -> tuple[int, int, int]:
        """Of the weeks that begin from a day until before another: weeks, cases finished, late."""
        held = [week for week in self.weeks if first <= week["week_start"] < before]
        counts = ((week["finished_count"], week["late_count"]) for week in held)
        finished, late = map(sum, zip(*counts, strict=True)) if held else (0, 0)
        return len(held), finished, late


def councils(connection: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    """The rows of each council that has any."""
    cases, weeks = rows_of(connection, "queue_case"), rows_of(connection, "queue_week")
    for la_code in sorted({row["la_code"] for row in cases}):
        by_day: dict[date, list[dict[str, Any]]] = {}
        for case in cases:
            if case["la_code"] == la_code:
                by_day.setdefault(case["reference_date"], []).append(case)
        yield Rows(la_code, by_day, [week for week in weeks if week["la_code"] == la_code])


def queue_on(rows: Rows, day: date) -> Held | None:
    """The queue on the day of a return or extract; None where too few weeks before it are held."""
    observed = _last_run([week for week in rows.weeks if week["week_start"] + WEEK <= day])
    if len(observed) < LEAST_WEEKS:
        return None
    share = _agreed_share(observed)
    queue = Queue(
        age_weeks=_ages(rows.cases[day], share),
        arrivals=np.array([w["joined_agreed"] + share * w["joined_undecided"] for w in observed]),
        completions=np.array([week["completions"] for week in observed]),
    )
    mondays = tuple(week["week_start"] for week in observed)
    return Held(rows.la_code, day, mondays, queue, any(w["is_estimated"] for w in observed))


def _last_run(weeks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest weeks without a gap between them, a year at most."""
    found: list[dict[str, Any]] = []
    for week in reversed(weeks):
        if found and week["week_start"] + WEEK != found[-1]["week_start"]:
            break
        found.append(week)
    return found[:HISTORY_WEEKS][::-1]


def _agreed_share(weeks: list[dict[str, Any]]) -> float:
    """Of the requests whose decision is known, the share that was agreed."""
    agreed = sum(week["joined_agreed"] for week in weeks)
    decided = agreed + sum(week["not_joined"] for week in weeks)
    return agreed / decided if decided else 1.0


def _ages(cases: list[dict[str, Any]], share: float) -> Floats:
    """Weeks since the request of each case that will be assessed.

    Of the cases that await the decision and are not yet overdue only the share that is usually
    agreed is kept, evenly over their ages: the others will be refused and never take an assessment.
    """
    kept, credit = [], 0.5
    for case in cases:
        if case["is_undecided"] and not case["is_overdue"]:
            credit += share
            if credit < 1:
                continue
            credit -= 1
        kept.append(case["days_open"] / 7)
    return np.array(kept, np.float64)
