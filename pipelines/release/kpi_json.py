"""The measures of a release as one JSON document: what `send kpi --json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.registry.strict import nearest
from pipelines.release.json_values import plain

if TYPE_CHECKING:
    import duckdb

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
)


@dataclass(frozen=True)
class Selection:
    """Which values are wanted; None means any.

    Attributes:
        area: a GSS code or a three-digit authority code.
        period: for example 2025-01 or 2024.
        breakdown_topic: None gives each measure's whole.
        source, vintage: None gives what a page shows.
        all_vintages: every edition of every value.
    """

    kpi: str | None = None
    area: str | None = None
    period: str | None = None
    breakdown_topic: str | None = None
    source: str | None = None
    vintage: str | None = None
    all_vintages: bool = False


def kpi_document(
    connection: duckdb.DuckDBPyConnection, release_id: str, wanted: Selection
) -> dict[str, Any]:
    """{"release", "values": [...]}, ordered by measure, area, period, breakdown and edition.

    connection: to a release's public.duckdb.

    Raises:
        InputError: the measure or the breakdown is not in this release.
    """
    _require_known(connection, wanted)
    values = _select(connection, wanted).project(", ".join(COLUMNS))
    ordered = values.order(
        "kpi, area_code, breakdown_topic, breakdown, period, source, vintage"
    ).fetchall()
    return {
        "release": release_id,
        "values": [
            {name: plain(value) for name, value in zip(COLUMNS, row, strict=True)}
            for row in ordered
        ],
    }


def _require_known(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> None:
    known = [row[0] for row in connection.table("marts.measure").project("kpi").fetchall()]
    if wanted.kpi is not None and wanted.kpi not in known:
        raise InputError(
            f"there is no measure '{wanted.kpi}'{nearest(wanted.kpi, known)}",
            remedy="All measures with their definitions: docs/measures.md",
        )
    if wanted.breakdown_topic is None:
        return
    topics = connection.table("marts.kpi_value").project("breakdown_topic").distinct().fetchall()
    names = [row[0] for row in topics]
    if wanted.breakdown_topic not in names:
        raise InputError(
            f"there is no breakdown '{wanted.breakdown_topic}'"
            f"{nearest(wanted.breakdown_topic, names)}"
        )


def _select(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> duckdb.DuckDBPyRelation:
    from duckdb import ColumnExpression as Column
    from duckdb import ConstantExpression as Constant

    measure = connection.table("marts.measure").project(
        "kpi as measure_kpi, title, unit, default_breakdown_topic"
    )
    rows = connection.table("marts.kpi_value").join(measure, "kpi = measure_kpi")
    equal = {"kpi": wanted.kpi, "period": wanted.period, "source": wanted.source}
    equal |= {"vintage": wanted.vintage, "breakdown_topic": wanted.breakdown_topic}
    equal |= {_area_column(wanted.area): wanted.area}
    for name, value in equal.items():
        if value is not None:
            rows = rows.filter(Column(name) == Constant(value))
    if wanted.breakdown_topic is None:
        rows = rows.filter(Column("breakdown_topic") == Column("default_breakdown_topic"))
    edition = _edition_column(wanted)
    return rows.filter(Column(edition) == Constant(True)) if edition else rows


def _area_column(area: str | None) -> str:
    return "la_code" if area is not None and area.isdigit() else "area_code"


def _edition_column(wanted: Selection) -> str | None:
    """The flag that picks one edition of each value, where not all are wanted."""
    if wanted.all_vintages or wanted.vintage is not None:
        return None
    return "is_shown" if wanted.source is None else "is_newest_of_source"
