"""Which forecast tells the chance of a milestone: the queue's, or that of the measure's months."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.judgement.made import Forecast, Step
from pipelines.judgement.queue_record import QUEUE_STANDS, Record, beside_queue
from tests.unit.judgement.queue_rows import cases, judged, milestone, rows, weeks

RATE = "plans_within_20_weeks_share"
FIRST_WEEK = date(2022, 1, 3)
# The end of each month of three years, from 2023 on.
DAYS = [date(2023 + n // 12, n % 12 + 1, 28) for n in range(36)]
YEAR_END = date(2026, 12, 31)

Row = dict[str, Any]


def queue_of_three_years(folder: Path, overdue: int, late_share: float, shares: list[float]) -> Any:
    """A steady queue held every month, with the measure's months and a promise for 2026."""
    held = weeks(FIRST_WEEK, [7] * 208, [7] * 208, late_share)
    waiting = {day: cases(f"of {day}", [*range(119), *([200] * overdue)]) for day in DAYS}
    months = [
        {
            "kpi": RATE,
            "la_code": "999",
            "area_code": "X99000999",
            "source": "council",
            "is_newest_of_source": True,
            "breakdown_topic": "All",
            "breakdown": "All",
            "period_kind": "month",
            "period": f"{day:%Y-%m}",
            "value": share,
        }
        for day, share in zip(DAYS, shares, strict=False)
    ]
    promise = milestone(YEAR_END, 75, kpi=RATE, polarity="high_is_good")
    own = [
        {
            "milestone": "cleared",
            "plan_version": version,
            "la_code": "999",
            "kpi": RATE,
            "forecast": f"own_months/{RATE}/999/rolling_year",
            "chance": 0.2,
        }
        for version in ("original", "current")
    ]
    return judged(folder / "999", held, waiting, [promise], own, months)


def told(connection: Any) -> tuple[Row, Row]:
    (queue,) = rows(connection, "from marts.backlog_chance where plan_version = 'current'")
    (status,) = rows(connection, "from marts.plan_status where plan_version = 'current'")
    return queue, status


def test_the_rate_as_it_came_stands_beside_the_rate_that_was_forecast(tmp_path: Path) -> None:
    made = queue_of_three_years(tmp_path, 0, 3 / 7, [])
    found = rows(made, "from marts.backlog_test where work_order = 'oldest_first'")
    tested = [row for row in found if row["on_time_pct_p50"] is not None]
    assert len(tested) > 100
    assert {round(float(row["actual_on_time_pct"]), 1) for row in tested} == {57.1}
    # What is due soonest is finished first, so nothing of a queue without arrears is late.
    assert {float(row["on_time_pct_p50"]) for row in tested} == {100.0}


def test_the_months_decide_where_the_queue_has_missed_by_more(tmp_path: Path) -> None:
    # Arrears worked oldest first would leave nobody in time; in truth they were not worked so.
    made = queue_of_three_years(tmp_path, 300, 3 / 7, [57 + (n % 2) for n in range(36)])
    queue, status = told(made)
    assert not queue["is_deciding"]
    assert float(queue["mean_absolute_error"]) > 50 > 5 > float(queue["own_months_error"])
    assert float(queue["signed_error"]) < -50
    assert queue["origin_count"] >= 30
    assert queue["forecast_note"].endswith("So what the queue says of this rate is not used.")
    assert (float(status["chance"]), status["chance_from"]) == (0.2, "forecast")


def test_the_queue_decides_where_it_has_missed_by_less(tmp_path: Path) -> None:
    # All in time but for a bad month now and then, which no rule on the months can foresee.
    bad = {4, 9, 17, 19, 22, 24, 29, 33}
    shares = [70.0 if n in bad else 100.0 for n in range(36)]
    queue, status = told(queue_of_three_years(tmp_path, 0, 0.0, shares))
    assert queue["is_deciding"]
    assert queue["mean_absolute_error"] < queue["own_months_error"]
    assert "So the chance is the simulated queue's." in queue["forecast_note"]
    # It usually says as much too much as the bad months cost, and that is taken off.
    expected = 100 - float(queue["signed_error"])
    assert float(queue["value_p50"]) == pytest.approx(expected, abs=0.01)
    assert expected < 97
    assert (status["chance"], status["chance_from"]) == (1, "backlog_rate")


@pytest.mark.parametrize(
    ("record", "is_better"),
    [
        pytest.param(Record(), False, id="never tested"),
        pytest.param(Record(5, 0.0, 1.0, 80.0, 9.0), False, id="tested too seldom"),
        pytest.param(Record(6, 0.0, 1.0, 80.0, 9.0), True, id="missed by less"),
        pytest.param(Record(6, 0.0, 9.0, 80.0, 9.0), False, id="missed by as much"),
        pytest.param(Record(6, 0.0, 9.0, 80.0), True, id="alone and its range held"),
        pytest.param(Record(6, 0.0, 9.0, 60.0), False, id="alone and its range was too narrow"),
    ],
)
def test_only_the_record_says_which_is_better(record: Record, is_better: bool) -> None:
    assert record.is_better == is_better


def test_months_of_overdue_cases_are_withheld_beside_a_queue_and_say_so() -> None:
    step = Step("2026-02", 1, "as last month", False, 1.0, 2.0, 3.0, draws=None)  # type: ignore[arg-type]
    months = Forecast("overdue_cases", "999", "X", "month", "own_months", steps=(step,))
    found = beside_queue(months)
    assert (found.steps, found.why_not, found.note) == ((), QUEUE_STANDS, QUEUE_STANDS)
    rate = Forecast(RATE, "999", "X", "month", "own_months", steps=(step,))
    totals = Forecast("overdue_cases", "999", "X", "month", "published_totals", steps=(step,))
    assert beside_queue(rate) is rate
    assert beside_queue(totals) is totals


def test_the_year_so_far_counts_as_it_came(tmp_path: Path) -> None:
    """Half of 2025 has passed, all of it late; the rest can be in time at best."""
    start = date(2025, 6, 30)
    first = start - timedelta(weeks=52, days=start.weekday())
    held = weeks(first, [7] * 52, [7] * 52, 1.0)
    promise = milestone(date(2025, 12, 31), 75, kpi=RATE, polarity="high_is_good")
    made = judged(tmp_path / "999", held, {start: cases("now", list(range(119)))}, [promise])
    queue, status = told(made)
    assert 40 < float(queue["value_p50"]) < 60
    assert not queue["is_deciding"]
    assert queue["forecast_note"].startswith("No earlier return or extract tests")
    assert status["chance"] is None
