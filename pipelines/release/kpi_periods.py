"""Which periods of a measure are wanted: one by name, a yearly or monthly line, or a day's last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.errors import InputError

if TYPE_CHECKING:
    import duckdb

# What makes a line of figures that may stand beside each other, in words of marts.kpi_value. The
# return of January holds that month of a monthly line, also where the DfE's figure is shown.
LINES = {
    "year": "period_kind in ('stock', 'flow', 'mid_year')",
    "month": "period_kind = 'month' or (period_kind = 'stock' and source = 'council')",
    "year-to-date": "period_kind = 'year_to_date'",
    "rolling-year": "period_kind = 'rolling_year'",
}
# The last day of a month of which a stock tells; the extract or return may be of a day before.
MONTH_END = "last_day(cast(period || '-01' as date))"


@dataclass(frozen=True)
class Periods:
    """Which periods are wanted; without any, the yearly line.

    Attributes:
        named: one period in any of its forms, for example 2024 or 2025-YTD-09.
        line: one of LINES.
        at: of each stock the newest month that had ended by this day.
    """

    named: str | None = None
    line: str | None = None
    at: date | None = None

    def __post_init__(self) -> None:
        """One way of asking at a time.

        Raises:
            InputError: two ways are mixed.
        """
        if sum(part is not None for part in (self.named, self.line, self.at)) > 1:
            raise InputError(
                "--period, --by and --at each say which periods are wanted",
                remedy="Give one of them.",
            )

    @property
    def is_of_the_council_alone(self) -> bool:
        """Whether no publisher has such periods, so that the council's newest edition is meant."""
        return self.line is not None and self.line != "year"


def of_periods(rows: duckdb.DuckDBPyRelation, wanted: Periods) -> duckdb.DuckDBPyRelation:
    """The rows of marts.kpi_value that are of the periods wanted.

    Raises:
        InputError: a figure at a day is asked of what has none.
    """
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant

    if wanted.named is not None:
        return rows.filter(Column("period") == Constant(wanted.named))
    if wanted.at is not None:
        return _at(rows, wanted.at)
    return rows.filter(LINES[wanted.line or "year"])


def _at(rows: duckdb.DuckDBPyRelation, day: date) -> duckdb.DuckDBPyRelation:
    """Of each stock the newest month that had ended, not after the day."""
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant
    from duckdb import SQLExpression

    # A stock of a month has a day; the same kind of period of a flow is known by its measure.
    stocks = rows.filter("measure_period_kind = 'stock' and period_kind in ('stock', 'month')")
    if not stocks.limit(1).fetchone() and rows.limit(1).fetchone():
        raise InputError(
            "what happens over time has no figure at a day",
            remedy="Ask for a period instead, for example --period 2025-05 or --period 2025.",
        )
    ended = stocks.filter(SQLExpression(MONTH_END) <= Constant(day))
    cell = "kpi, area_code, breakdown_topic, breakdown"
    newest = f"*, max(period) over (partition by {cell}) as newest_period"
    return ended.project(newest).filter(Column("period") == Column("newest_period"))
