"""Which of two forecasts of one measure has missed by less: the queue's, or that of its own months.

Both are held against the same months from the same earlier ones, as far as both have spoken; each
then knows no more than the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.analysis import monthly
from pipelines.analysis.scoring import coverage_pct, is_reliable
from pipelines.judgement.asked import frame, rows
from pipelines.judgement.made import Forecast
from pipelines.judgement.months_of import own_months, unbroken_months

if TYPE_CHECKING:
    import duckdb

OVERDUE = "overdue_cases"
# What the simulation calls the measures that it speaks of, and what came.
NAMES = {OVERDUE: ("overdue", "actual_count")}
RATE_NAMES = ("on_time_pct", "actual_on_time_pct")

QUEUE_STANDS = (
    "The simulated queue forecasts this measure. What its own months would say is withheld, so "
    "that one forecast stands and not two."
)

Pair = tuple[str, str]


@dataclass(frozen=True)
class Record:
    """How the queue's forecasts of one measure did, one to six months ahead.

    Attributes:
        count: past forecasts; where both have spoken, those of which both did.
        signed_error, mean_absolute_error: forecast less actual, in the measure's unit.
        coverage_pct: how often the 80% range held what came.
        own_error: mean absolute error of the measure's own months on the same; None without any.
    """

    count: int = 0
    signed_error: float | None = None
    mean_absolute_error: float | None = None
    coverage_pct: float | None = None
    own_error: float | None = None

    @property
    def is_better(self) -> bool:
        """Whether the queue decides: it missed by less, or alone and its range held as it says."""
        if self.count < monthly.MIN_MISSES or self.mean_absolute_error is None:
            return False
        if self.own_error is None:
            return is_reliable(self.coverage_pct)
        return self.mean_absolute_error < self.own_error


def has_queue(connection: duckdb.DuckDBPyConnection, la_code: str) -> bool:
    """Whether the queue of an authority is simulated."""
    return bool(rows(connection, "has_queue", la_code=la_code))


def beside_queue(forecast: Forecast) -> Forecast:
    """The same, or the months of overdue cases without their steps: one forecast of them stands.

    The queue knows who waits and what is being done about it; months alone know neither.
    """
    if (forecast.kpi, forecast.basis) != (OVERDUE, "own_months") or not forecast.steps:
        return forecast
    return replace(forecast, steps=(), why_not=QUEUE_STANDS, note=QUEUE_STANDS)


def record_of(connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str) -> Record:
    """Hold the queue's past forecasts of a measure against what came."""
    name, came = NAMES.get(kpi, RATE_NAMES)
    tested = frame(connection, "queue_tested", la_code=la_code).dropna(subset=[f"{name}_p50", came])
    own = _own_months(connection, kpi, la_code)
    misses = _own_misses(own, kpi)
    said: dict[Pair, Mapping[Any, Any]] = {
        (row["from_month"], row["to_month"]): row
        for row in tested.to_dict("records")
        if not misses or (row["from_month"], row["to_month"]) in misses
    }
    return _record(said, own, misses, name, came)


def _record(
    said: Mapping[Pair, Mapping[Any, Any]],
    own: Mapping[str, float],
    misses: Mapping[Pair, float],
    name: str,
    came: str,
) -> Record:
    if not said:
        return Record()
    # The measure's own value counts where it is held: it may count exceptions, the queue never.
    actual = np.array([own.get(pair[1], row[came]) for pair, row in said.items()])
    low, middle, high = (
        np.array([row[f"{name}_{share}"] for row in said.values()])
        for share in ("p10", "p50", "p90")
    )
    errors = middle - actual
    return Record(
        count=len(said),
        signed_error=float(errors.mean()),
        mean_absolute_error=float(np.abs(errors).mean()),
        coverage_pct=coverage_pct(low, high, actual),
        own_error=float(np.mean([abs(misses[pair]) for pair in said])) if misses else None,
    )


def _own_months(connection: duckdb.DuckDBPyConnection, kpi: str, la_code: str) -> dict[str, float]:
    found = own_months(connection, kpi, la_code)
    return {row["period"]: row["value"] for row in found if row["period_kind"] == "month"}


def _own_misses(own: Mapping[str, float], kpi: str) -> dict[Pair, float]:
    """What the rule that is used on the measure's own months missed by, from month to month."""
    periods = unbroken_months(list(own))
    if len(periods) < monthly.MIN_MONTHS:
        return {}
    values = np.array([own[period] for period in periods])
    made = monthly.forecast(values, (0, np.inf if kpi == OVERDUE else 100))
    misses = made.tests[made.used].misses
    return _by_pair(periods, misses)


def _by_pair(periods: Sequence[str], misses: np.ndarray) -> dict[Pair, float]:
    """The misses by the month they were made in and the month they speak of."""
    return {
        (periods[origin], periods[origin + ahead]): float(miss)
        for origin, row in enumerate(misses, start=monthly.FIRST_ORIGIN)
        for ahead, miss in enumerate(row, start=1)
        if np.isfinite(miss)
    }
