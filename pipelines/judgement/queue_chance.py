"""What the simulated queue says of the plan's milestones, beside what else forecasts them.

A milestone for overdue cases is the queue's to decide. One for the share of plans in time is told
by the queue only where its past forecasts of that share missed by less than those of the measure's
own months did; the record of both stands beside it. Worked oldest first, by what is being done.
Method: docs/methods.md, "How far does the forecast of the backlog hold?".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.analysis import backlog
from pipelines.analysis.queue_rate import rate_on_time
from pipelines.analysis.queue_weeks import Flow
from pipelines.analysis.ranges import Floats, chance, quantiles
from pipelines.judgement.actions import Effect, played
from pipelines.judgement.asked import rows as rows_of
from pipelines.judgement.backlog import SEED, courses
from pipelines.judgement.backlog_test import stray_of
from pipelines.judgement.queue import Held, Rows, councils, queue_on
from pipelines.judgement.queue_record import OVERDUE, Record, record_of
from pipelines.judgement.rows import table_of

if TYPE_CHECKING:
    import duckdb

    from pipelines.judgement.make import Inputs

TABLE = "marts.backlog_chance"
CLEARANCE = ("clear_date_p10", "clear_date_p50", "clear_date_p90")
COLUMNS = (
    *("la_code", "milestone", "plan_version", "kpi", "polarity", "milestone_due", "level_value"),
    *("scenario", "scenario_title", "value_p10", "value_p50", "value_p90"),
    *("chance", "chance_as_now", "is_deciding"),
    *CLEARANCE,
    *("origin_count", "signed_error", "mean_absolute_error", "coverage_pct", "own_months_error"),
    "forecast_note",
)
# Measures that the simulated queue has something to say of.
SPOKEN_OF = (
    OVERDUE,
    "plans_within_20_weeks_share",
    "plans_within_20_weeks_excluding_exceptions_share",
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Simulated:
    """Every week of every run of one council's queue, as it is being worked."""

    rows: Rows
    held: Held
    scenario: str
    scenario_title: str
    flow: Flow

    @property
    def last_day(self) -> date:
        """The end of the last week that is simulated."""
        day = backlog.date_of(self.held.start, backlog.WEEKS)
        return day or self.held.start


def tables(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Mapping[str, Any]:
    """What each council's queue says of each milestone about it."""
    promises = _promises(connection)
    told: list[Row] = []
    for rows in councils(connection):
        asked = [promise for promise in promises if promise["la_code"] == rows.la_code]
        told += _of_council(connection, rows, inputs, asked) if asked else []
    return {TABLE: table_of(COLUMNS, told)}


def _of_council(
    connection: duckdb.DuckDBPyConnection, rows: Rows, inputs: Inputs, promises: Sequence[Row]
) -> Iterator[Row]:
    """One row a promise: its chance by what is being done, and beside it by nothing new."""
    held = _held(rows)
    if held is None:
        return
    as_now, *declared = courses(rows.la_code, inputs)
    done = next((course for course in declared if course[0]["is_being_done"]), as_now)
    simulated = _simulated(rows, held, *done)
    beside = None if done is as_now else _simulated(rows, held, *as_now)
    records = {kpi: record_of(connection, kpi, rows.la_code) for kpi in SPOKEN_OF}
    for promise in promises:
        if promise["milestone_due"] > held.start:
            record = records[promise["kpi"]]
            chance_as_now = _chance(beside, promise, record)
            yield _told(simulated, promise, record) | {"chance_as_now": chance_as_now}


def _promises(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Those that the queue speaks of: a whole measure of it, against a number."""
    return [
        promise | {"level_value": promise["promised_value"]}
        for promise in rows_of(connection, "milestone_promise")
        if promise["kpi"] in SPOKEN_OF
        and promise["breakdown_topic"] == "All"
        and promise["promised_value"] is not None
    ]


def _held(rows: Rows) -> Held | None:
    held = queue_on(rows, rows.days[-1])
    return held and replace(held, queue=replace(held.queue, stray=stray_of(rows)))


def _simulated(rows: Rows, held: Held, scenario: Row, effects: Sequence[Effect]) -> Simulated:
    name, title = scenario["scenario"], scenario["scenario_title"]
    queue, changes = played(held, title, effects)
    flow = backlog.flow(queue, changes, order="oldest first", seed=SEED)
    return Simulated(rows, held, name, title, flow)


def _told(simulated: Simulated, promise: Row, record: Record) -> Row:
    """One row: the chance with the range it is read from, or why there is none."""
    is_rate = promise["kpi"] != OVERDUE
    draws = _draws(simulated, promise, record)
    row = {
        **promise,
        "scenario": simulated.scenario,
        "scenario_title": simulated.scenario_title,
        "is_deciding": record.is_better or not is_rate,
        "origin_count": record.count,
        "signed_error": record.signed_error,
        "mean_absolute_error": record.mean_absolute_error,
        "coverage_pct": record.coverage_pct,
        "own_months_error": record.own_error,
        **({} if is_rate else _clearance(simulated, promise["level_value"])),
    }
    if draws is None:
        return row | {"forecast_note": _no_reach(simulated, promise)}
    low, middle, high = quantiles(draws).tolist()
    return row | {
        "value_p10": low,
        "value_p50": middle,
        "value_p90": high,
        "chance": _chance(simulated, promise, record),
        "forecast_note": _note(record, is_rate=is_rate),
    }


def _chance(simulated: Simulated | None, promise: Row, record: Record) -> float | None:
    """The share of runs that keep the promise; None where nothing is simulated for its day."""
    draws = None if simulated is None else _draws(simulated, promise, record)
    if draws is None:
        return None
    # Half a case is none: shares of a case come from changes that multiply.
    spare = 0.5 - 1e-9 if promise["kpi"] == OVERDUE else 0.0
    at_most = promise["polarity"] == "low_is_good"
    return chance(draws, promise["level_value"] + spare, at_most=at_most)


def _draws(simulated: Simulated, promise: Row, record: Record) -> Floats | None:
    """(runs) the measure on the promise's day or, of a rate, in its year; None past the horizon."""
    if promise["kpi"] == OVERDUE:
        return _overdue(simulated, promise)
    rates = _rates(simulated, promise, record)
    return rates if rates is not None and len(rates) else None


def _overdue(simulated: Simulated, promise: Row) -> Floats | None:
    """Overdue cases at the end of the last whole week before the day."""
    week = backlog.weeks_until(simulated.held.start, promise["milestone_due"])
    return simulated.flow.overdue[week - 1] if 1 <= week <= backlog.WEEKS else None


def _clearance(simulated: Simulated, level: float) -> Row:
    """When the level is first reached: of a tenth, half and nine tenths of the runs."""
    held = simulated.held
    weeks = backlog.week_range(backlog.clear_week(simulated.flow.overdue, level))
    days = [backlog.date_of(held.start, week) for week in weeks]
    if held.queue.overdue <= level:
        days = [held.start] * len(days)
    return dict(zip(CLEARANCE, days, strict=True))


def _rates(simulated: Simulated, promise: Row, record: Record) -> Floats | None:
    """The rate of the milestone's whole year, less what the queue usually says too much.

    What of the year has passed counts as it came.
    """
    year, start = promise["milestone_due"].year, simulated.held.start
    first, last = date(year, 1, 1), date(year, 12, 31)
    end = backlog.weeks_until(start, last)
    if not 1 <= end <= backlog.WEEKS:
        return None
    _, finished, late = simulated.rows.finished(first, start)
    weeks = slice(max(backlog.weeks_until(start, first), 0), end)
    rates = rate_on_time(simulated.flow, weeks, finished, late)
    return np.clip(rates - (record.signed_error or 0.0), 0, 100)


def _no_reach(simulated: Simulated, promise: Row) -> str:
    if promise["milestone_due"] > simulated.last_day:
        day = simulated.last_day
        return f"The queue is simulated as far as {day.day} {day:%B %Y}, and no further."
    return "The day is less than a week after the newest count of the queue."


def _note(record: Record, *, is_rate: bool) -> str:
    """The record in words, and which forecast stands because of it."""
    return " ".join(_sentences(record, is_rate=is_rate))


def _sentences(record: Record, *, is_rate: bool) -> Iterator[str]:
    unit = "points" if is_rate else "cases"
    if record.mean_absolute_error is None:
        yield "No earlier return or extract tests what the queue says of this."
    else:
        own = record.own_error
        beside = "" if own is None else f", the forecast of the measure's own months by {own:.0f}"
        yield (
            f"Of {record.count} past forecasts one to six months ahead, the queue missed by "
            f"{record.mean_absolute_error:.0f} {unit} on average{beside}."
        )
    if not is_rate:
        yield "The chance is the queue's, which counts who waits and what is being done."
    elif record.is_better:
        yield "So the chance is the simulated queue's."
    else:
        yield "So what the queue says of this rate is not used."
