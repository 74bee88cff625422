"""From the rows to the queue: which weeks are drawn from, and who is taken to wait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.judgement.queue import HISTORY_WEEKS, Rows, queue_on
from tests.unit.judgement.queue_rows import weeks as core_weeks

DAY = date(2025, 9, 30)
FIRST = date(2024, 7, 1)

Row = dict[str, Any]


def weeks(first: date, joined: list[int], finished: list[int]) -> list[Row]:
    """The same weeks as sql/judgement/queue_week.sql gives them."""
    found = core_weeks(first, joined, finished)
    return [week | {"completions": week["finished_count"]} for week in found]


def a_case(days: int, *, is_undecided: bool = False) -> Row:
    return {"days_open": days, "is_undecided": is_undecided, "is_overdue": days > 140}


def held(cases: list[Row], observed: list[Row]) -> Rows:
    return Rows("999", {DAY: cases}, observed)


def test_only_whole_weeks_before_the_day_and_a_year_at_most_are_drawn_from() -> None:
    observed = weeks(FIRST, [12] * 80, [9] * 80)
    found = queue_on(held([a_case(10)], observed), DAY)
    assert found is not None
    assert len(found.mondays) == HISTORY_WEEKS
    assert found.mondays[-1] == date(2025, 9, 22)
    assert found.mondays[0] == date(2025, 9, 22) - timedelta(weeks=51)


def test_undecided_requests_count_at_the_share_that_is_usually_agreed() -> None:
    observed = weeks(FIRST, [12] * 52, [9] * 52)
    observed[-1] |= {"joined_agreed": 0, "joined_undecided": 16, "not_joined": 0}
    found = queue_on(held([a_case(10)], observed), DAY)
    assert found is not None
    assert found.queue.arrivals[:-1].tolist() == [12.0] * 51
    assert found.queue.arrivals[-1] == pytest.approx(16 * 0.75)


def test_of_the_cases_that_await_a_decision_the_usual_share_is_kept_evenly() -> None:
    observed = weeks(FIRST, [12] * 52, [9] * 52)
    waiting = [a_case(days, is_undecided=True) for days in range(1, 41)]
    found = queue_on(held(waiting, observed), DAY)
    assert found is not None
    ages = (7 * found.queue.age_weeks).round().astype(int).tolist()
    assert len(ages) == 30
    assert {sum(low < age <= low + 8 for age in ages) for low in range(0, 40, 8)} == {6}


def test_an_overdue_case_is_kept_though_nobody_has_decided() -> None:
    observed = weeks(FIRST, [12] * 52, [9] * 52)
    late = [a_case(days, is_undecided=True) for days in range(141, 161)]
    found = queue_on(held(late, observed), DAY)
    assert found is not None
    assert found.queue.overdue == len(late) == held(late, observed).overdue_on(DAY)


def test_estimated_exits_are_told() -> None:
    observed = weeks(FIRST, [12] * 52, [9] * 52)
    observed[20]["is_estimated"] = True
    found = queue_on(held([a_case(10)], observed), DAY)
    assert found is not None
    assert found.is_estimated
