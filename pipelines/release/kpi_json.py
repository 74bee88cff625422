"""The measures of a release as one JSON document: what `send kpi --json` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.registry.strict import nearest
from pipelines.release.json_values import plain
from pipelines.release.kpi_periods import Periods, of_periods

if TYPE_CHECKING:
    import duckdb

PERIODS = "Forms: 2025-01, 2024, 2025-09 (a month), 2025-YTD-09 (so far), 2025-R12-09 (12 months)."
CATALOGUE = "All measures with their definitions: docs/measures.md"
# A list of more names than this is no help in a message.
MANY = 30
COLUMNS = (
    "kpi",
    "title",
    "unit",
    "la_code",
    "area_code",
    "area_name",
    "period",
    "period_label",
    "breakdown_topic",
    "breakdown",
    "numerator",
    "denominator",
    "value",
    "symbol",
    "source",
    "vintage",
    "file_id",
)

FOR_TABLES = ("decimals", "is_revised", "previous_vintage", "previous_value", "previous_symbol")


@dataclass(frozen=True)
class Selection:
    """Which values are wanted; None means any.

    Attributes:
        area: a GSS code or a three-digit authority code.
        periods: one, a yearly or monthly line, or the newest at a day; the yearly line by default.
        breakdown_topic: given beside each measure's whole; None gives the whole alone.
        source, vintage: None gives what a page shows.
        all_vintages: every edition of every value.
    """

    kpi: str | None = None
    area: str | None = None
    periods: Periods = field(default_factory=Periods)
    breakdown_topic: str | None = None
    source: str | None = None
    vintage: str | None = None
    all_vintages: bool = False


def kpi_document(
    connection: duckdb.DuckDBPyConnection, release_id: str, wanted: Selection
) -> dict[str, Any]:
    """{"release", "values": [...]}, ordered by measure, area, period, breakdown and edition.

    connection: to a release's officer.duckdb or public.duckdb.

    Raises:
        InputError: a filter names what is not in this release.
    """
    values = kpi_values(connection, wanted)
    return {
        "release": release_id,
        "values": [{name: plain(value[name]) for name in COLUMNS} for value in values],
    }


def kpi_values(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> list[dict[str, Any]]:
    """The values with what a table needs beside COLUMNS: decimals, and what was printed before.

    Raises:
        InputError: a filter names what is not in this release.
    """
    _require_known(connection, wanted)
    names = (*COLUMNS, *FOR_TABLES)
    order = "kpi, area_code, breakdown_topic, breakdown, period, source, vintage"
    rows = _select(connection, wanted).project(", ".join(names)).order(order).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _require_known(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> None:
    """Every filter names something that the release knows."""
    _require(wanted.kpi, "measure", _known(connection, "marts.measure", "kpi"), CATALOGUE)
    _require(wanted.breakdown_topic, "breakdown", _values_of(connection, "breakdown_topic"))
    _require(wanted.periods.named, "period", _values_of(connection, "period"), PERIODS)
    _require(wanted.source, "source", _values_of(connection, "source"))
    _require(wanted.vintage, "edition", _values_of(connection, "vintage"))
    _require(wanted.area, "area", _known(connection, "marts.area", _area_column(wanted.area)))


def _require(name: str | None, what: str, known: list[str], remedy: str = "") -> None:
    if name is not None and name not in known:
        hint = nearest(name, known) if len(known) < MANY or _is_near(name, known) else ""
        raise InputError(f"there is no {what} '{name}'{hint}", remedy=remedy)


def _is_near(name: str, known: list[str]) -> bool:
    return "did you mean" in nearest(name, known)


def _known(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[str]:
    rows = connection.table(table).project(column).distinct().fetchall()
    return [value for (value,) in rows if value is not None]


def _values_of(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    return _known(connection, "marts.kpi_value", column)


def _select(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> duckdb.DuckDBPyRelation:
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant

    measure = connection.table("marts.measure").project(
        "kpi as measure_kpi, title, unit, decimals, default_breakdown_topic, "
        "period_kind as measure_period_kind"
    )
    rows = connection.table("marts.kpi_value").join(measure, "kpi = measure_kpi")
    equal = {"kpi": wanted.kpi, "source": wanted.source}
    equal |= {"vintage": wanted.vintage, _area_column(wanted.area): wanted.area}
    for name, value in equal.items():
        if value is not None:
            rows = rows.filter(Column(name) == Constant(value))
    topic = Column("breakdown_topic")
    asked = Constant(wanted.breakdown_topic)
    rows = rows.filter((topic == Column("default_breakdown_topic")) | (topic == asked))
    edition = _edition_column(wanted)
    rows = rows.filter(Column(edition) == Constant(True)) if edition else rows
    return of_periods(rows, wanted.periods)


def _area_column(area: str | None) -> str:
    return "la_code" if area is not None and area.isdigit() else "area_code"


def _edition_column(wanted: Selection) -> str | None:
    """The flag that picks one edition of each value, where not all are wanted."""
    if wanted.all_vintages or wanted.vintage is not None:
        return None
    is_shown = wanted.source is None and not wanted.periods.is_of_the_council_alone
    return "is_shown" if is_shown else "is_newest_of_source"
