"""What each public number says of the counts behind it: a number as it is, rounded, or hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipelines.release.attack.origins import Cell
from pipelines.release.rounding import BASE, EXACT_TOPICS, LARGEST_HIDDEN, LEAST_DENOMINATOR

if TYPE_CHECKING:
    import duckdb

    from pipelines.release.attack.origins import Part

INFINITE = float("inf")
RATIOS = ("percent", "per_1000")


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
        return not self.is_exact and (self.high <= LARGEST_HIDDEN or self.high == INFINITE)


def printed(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[Printed]:
    """Every number of the council's own that a table of protected measures prints.

    table: kpi.protected_row or marts.kpi_value of a public file, whole years and Januaries only,
        with the columns unit and is_exact of the measure.
    """
    rows = connection.execute(
        "select kpi, vintage, period, breakdown_topic, breakdown, unit, is_exact, "  # noqa: S608
        "cast(numerator as double), cast(denominator as double), symbol "
        f"from {table} where source = 'council' order by all"
    ).fetchall()
    for kpi, vintage, period, topic, group, *shown in rows:
        for part, low, high, is_exact in _parts(topic, *shown):
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
