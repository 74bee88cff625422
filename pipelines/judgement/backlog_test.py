"""What the backlog forecast would have said before, held against what came: marts.backlog_test.

From the last return or extract of each month, as the queue ran then, one to six months ahead. The
weeks behind a forecast are those before its day, as the newest returns now have them; people at the
time knew a little less. What these forecasts missed by also says how far the pace strays. The rate
on time that follows from the order of work is held against what came too: of the last four whole
weeks of the simulation up to the day, and of the four weeks from the Monday after they begin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import numpy as np

from pipelines.analysis import backlog, queue_stray
from pipelines.analysis.queue_weeks import Order
from pipelines.judgement.queue import Held, Rows, queue_on

SEED = 20250902
RUNS = 500
MONTHS_AHEAD = (1, 2, 3, 6)
PERIOD = timedelta(weeks=backlog.MONTH_WEEKS)

Record = dict[str, Any]


def stray_of(rows: Rows) -> float:
    """How far the council's pace strays from the weeks drawn, by the misses of past forecasts."""
    tests = list(backlog_tests(rows, orders=("oldest first",)))
    return queue_stray.stray(
        [test["actual_count"] - test["overdue_p50"] for test in tests],
        [test["overdue_p90"] - test["overdue_p10"] for test in tests],
        [(test["target_date"] - test["queue_date"]).days / 7 for test in tests],
    )


def held_pct(tests: Sequence[Record]) -> float | None:
    """How often the 80% range held what came; None without a test."""
    held = [test["overdue_p10"] <= test["actual_count"] <= test["overdue_p90"] for test in tests]
    return 100 * sum(held) / len(held) if held else None


def backlog_tests(
    rows: Rows, stray: float = 0.0, orders: Sequence[Order] = get_args(Order)
) -> Iterator[Record]:
    """One record for each day, order and number of months ahead whose actual has come."""
    last_of_month = {_month(day): day for day in rows.days}
    for month, day in last_of_month.items():
        ahead = {n: last_of_month[month + n] for n in MONTHS_AHEAD if month + n in last_of_month}
        held = queue_on(rows, day) if ahead else None
        if held is not None:
            held = replace(held, queue=replace(held.queue, stray=stray))
            for order in orders:
                yield from _from_one_day(rows, held, order, ahead)


def _from_one_day(rows: Rows, held: Held, order: Order, ahead: dict[int, date]) -> Iterator[Record]:
    every = {n: backlog.weeks_until(held.start, day) for n, day in ahead.items()}
    weeks = {n: week for n, week in every.items() if week > 0}
    (told,) = backlog.forecast(
        held.queue, order=order, runs=RUNS, weeks=max(weeks.values(), default=1), seed=SEED
    )
    for months, week in weeks.items():
        low, middle, high = told.overdue[:, week - 1].tolist()
        yield {
            "la_code": rows.la_code,
            "work_order": order.replace(" ", "_"),
            "queue_date": held.start,
            "target_date": ahead[months],
            "months_ahead": months,
            "overdue_count": rows.overdue_on(held.start),
            "overdue_p10": low,
            "overdue_p50": middle,
            "overdue_p90": high,
            "actual_count": rows.overdue_on(ahead[months]),
            **_on_time(rows, held.start, told, week // backlog.MONTH_WEEKS),
        }


def _on_time(rows: Rows, start: date, told: backlog.Forecast, periods: int) -> Record:
    """The rate on time of the last of so many periods of four weeks, as forecast and as it came.

    Nothing of a period that the rows do not hold whole, or in which nobody was finished.
    """
    if periods == 0:
        return {}
    first = start + PERIOD * (periods - 1)
    weeks, finished, late = rows.finished(first, first + PERIOD)
    said = told.on_time_pct[:, periods - 1]
    if weeks < backlog.MONTH_WEEKS or not finished or np.isnan(said).any():
        return {}
    names = ("on_time_pct_p10", "on_time_pct_p50", "on_time_pct_p90")
    came = 100 * (finished - late) / finished
    return {**dict(zip(names, said.tolist(), strict=True)), "actual_on_time_pct": came}


def _month(day: date) -> int:
    return 12 * day.year + day.month
