"""A council's own months: which are taken, when there are too few, and how periods are named."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.analysis import monthly
from pipelines.judgement import months_of
from pipelines.judgement.made import Forecast
from pipelines.judgement.measure_forecast import one
from pipelines.judgement.queue_record import QUEUE_STANDS
from tests.unit.judgement.forecast_rows import Row, marts, value

LEVELS = 50 + np.cumsum(np.random.default_rng(1).normal(0, 3, 40)).round()


def months(count: int, *, without: tuple[int, ...] = ()) -> list[Row]:
    """Months from January 2023 on; each January as the yearly return's stock."""
    rows = []
    for number in range(count):
        period = f"{2023 + number // 12}-{number % 12 + 1:02d}"
        kind = "stock" if number % 12 == 0 else "month"
        if number not in without:
            cells = {"source": "council", "period_kind": kind}
            rows.append(value("overdue_cases", "801", period, float(LEVELS[number]), **cells))
    return rows


def by_month(rows: list[Row]) -> tuple[Forecast | None, list[dict[str, Any]]]:
    """The forecast of the months alone, where there is one."""
    made, tests = months_of.forecasts(marts(rows), "overdue_cases", "count", "801")
    assert len(made) <= 1
    return (made[0] if made else None), tests


def test_thirty_months_are_enough_and_one_fewer_is_not() -> None:
    enough, tests = by_month(months(30))
    assert enough is not None
    assert enough.why_not is None
    assert enough.origin_period == "2025-06"
    assert enough.steps[0].period == "2025-07"
    assert {row["forecast_model"] for row in tests} == set(monthly.RULES)
    few, _ = by_month(months(29))
    assert few is not None
    assert few.steps == ()
    assert few.why_not == (
        "Months without a gap up to 2025-05: 29. A rule can be chosen from 30 on."
    )


def test_only_the_months_after_the_last_gap_count() -> None:
    made, _ = by_month(months(40, without=(5,)))
    assert made is not None
    assert made.steps
    late, _ = by_month(months(40, without=(20,)))
    assert late is not None
    assert "Months without a gap up to 2026-04: 19." in str(late.why_not)


def test_december_is_followed_by_january() -> None:
    made, _ = by_month(months(36))
    assert made is not None
    assert [step.period for step in made.steps][:2] == ["2026-01", "2026-02"]


def test_a_measure_without_months_of_the_council_has_no_such_forecast() -> None:
    published = [value("overdue_cases", "801", "2025-02", 5, period_kind="month")]
    assert by_month(published) == (None, [])


def test_twelve_months_that_end_with_a_month_are_forecast_beside_the_months() -> None:
    rows = [
        value(
            "new_plans",
            "801",
            f"{2023 + number // 12}-R12-{number % 12 + 1:02d}",
            float(LEVELS[number]),
            source="council",
            period_kind="rolling_year",
        )
        for number in range(34)
    ]
    (made,), tests = months_of.forecasts(marts(rows), "new_plans", "count", "801")
    assert made.id == "own_months/new_plans/801/rolling_year"
    assert made.origin_period == "2025-R12-10"
    assert [step.period for step in made.steps][1:3] == ["2025-R12-12", "2026-R12-01"]
    assert {row["period_kind"] for row in tests} == {"rolling_year"}


def test_asked_for_by_itself_the_months_are_withheld_too_where_a_queue_is_simulated() -> None:
    connection = marts(months(36), areas=["801"])
    (free,) = (made for made in one(connection, "overdue_cases", "801").forecasts if made.steps)
    assert free.basis == "own_months"
    connection.execute("insert into marts.backlog_forecast (la_code) values ('801')")
    found = {made.basis: made for made in one(connection, "overdue_cases", "801").forecasts}
    assert found["own_months"].steps == ()
    assert found["own_months"].why_not == QUEUE_STANDS
