"""What each public number says of the counts behind it: a number as it is, rounded, or hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.release.attack.origins import Cell
from pipelines.release.rounding import BASE, EXACT_TOPICS, LARGEST_HIDDEN, LEAST_DENOMINATOR

if TYPE_CHECKING:
    import duckdb

    from pipelines.release.attack.origins import Part

INFINITE = float("inf")
RATIOS = ("percent", "per_1000")
# A measure in these is a mean over the cases of its denominator, or a median, which says nothing of
# a sum. No case takes longer than so many.
MEANS = ("weeks",)
MOST_OF_MEAN = 1000.0


class Printed(NamedTuple):
    """What is printed of one number of one edition.

    Attributes:
        vintage, period: the edition.
        cell: the measure, its part and the group.
        low, high: what the number can be, by itself.
        is_exact: printed as it is, because its measure is declared so.
    """

    vintage: str
    period: str
    cell: Cell
    low: float
    high: float
    is_exact: bool

    @property
    def is_hidden(self) -> bool:
        """Whether a symbol stands there and no number."""
        if self.cell.part == "mean":
            return self.high >= MOST_OF_MEAN
        return not self.is_exact and (self.high <= LARGEST_HIDDEN or self.high == INFINITE)


class Group(NamedTuple):
    """One cell of one measure, all its parts."""

    kpi: str
    vintage: str
    period: str
    topic: str
    breakdown: str


def group_of(number: Printed) -> Group:
    """The cell that a number stands in."""
    cell = number.cell
    return Group(cell.kpi, number.vintage, number.period, cell.topic, cell.breakdown)


def as_row(number: Printed) -> tuple[Any, ...]:
    """A number as one row of a table: the same one whether it was counted or read."""
    return (*number[:2], *number.cell, float(number.low), float(number.high), number.is_exact)


def of_row(row: Sequence[Any]) -> Printed:
    """The number that such a row holds."""
    vintage, period, kpi, part, topic, breakdown, own_period, low, high, is_exact = row
    cell = Cell(kpi, part, topic, breakdown, own_period)
    return Printed(vintage, period, cell, low, high, is_exact)


def printed(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[Printed]:
    """Every number of the council's own that a table of protected measures prints.

    table: kpi.protected_row or marts.kpi_value of a public file, whole years and Januaries only,
        with the columns unit, decimals and is_exact of the measure, and published_value.
    """
    rows = connection.execute(
        "select kpi, vintage, period, breakdown_topic, breakdown, unit, decimals, "  # noqa: S608
        "cast(published_value as double), is_exact, "
        "cast(numerator as double), cast(denominator as double), symbol "
        f"from {table} where source = 'council' order by all"
    ).fetchall()
    for kpi, vintage, period, topic, group, unit, decimals, value, *counts in rows:
        if unit in MEANS:
            cell = Cell(kpi, "mean", topic, group)
            yield Printed(vintage, period, cell, *_of_mean(value, decimals), False)
        for part, low, high, is_exact in _parts(topic, unit, *counts):
            yield Printed(vintage, period, Cell(kpi, part, topic, group), low, high, is_exact)


def _parts(
    topic: str,
    unit: str,
    is_exact: bool,
    numerator: float | None,
    denominator: float | None,
    symbol: str | None,
) -> Iterator[tuple[Part, float, float, bool]]:
    """What is said of the numerator, and of the denominator where it counts children."""
    if unit == "count" and is_exact and topic in EXACT_TOPICS and numerator is not None:
        yield "numerator", numerator, numerator, True
    elif unit == "count":
        yield "numerator", *_rounded(numerator), False
    elif unit in RATIOS:
        yield "numerator", *_of_ratio(numerator, denominator, symbol), False
    if unit not in ("count", "per_1000"):
        yield "denominator", *_rounded(denominator), False


def _rounded(number: float | None) -> tuple[float, float]:
    """A number to the nearest base, or hidden because it is small."""
    if number is None:
        return 0, LARGEST_HIDDEN
    return max(number - BASE // 2, LARGEST_HIDDEN + 1), number + BASE // 2


def _of_ratio(
    numerator: float | None, denominator: float | None, symbol: str | None
) -> tuple[float, float]:
    """A share's numerator: hidden too where only its denominator is small, and then unknown."""
    if symbol is None or numerator is not None:
        return _rounded(numerator)
    is_whole_large = denominator is not None and denominator >= LEAST_DENOMINATOR
    return (0, LARGEST_HIDDEN) if is_whole_large else (0, INFINITE)


def _of_mean(value: float | None, decimals: int) -> tuple[float, float]:
    """A mean as it was before it was rounded."""
    if value is None:
        return 0.0, MOST_OF_MEAN
    half = 0.5 / 10**decimals
    return max(value - half, 0.0), value + half
