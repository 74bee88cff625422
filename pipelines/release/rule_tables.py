"""The rule for small numbers as tables, for the SQL of sql/disclosure: its sizes, and each measure.

kpi.disclosure_limit has one row of sizes, kpi.exact_topic the topics that divide no children, and
kpi.disclosure_rule what a measure's own file allows (`publish`, `disclosure`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.registry.measures import COUNTED, Measure, measures
from pipelines.release.rounding import (
    BASE,
    EXACT_TOPICS,
    LARGEST_HIDDEN,
    LEAST_DENOMINATOR,
    LEAST_OF_MEAN,
)

if TYPE_CHECKING:
    import duckdb


def write_rule_tables(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Make the three tables in the database in use, whose schema kpi is there."""
    connection.execute(
        "create table kpi.disclosure_limit as select ? as largest_hidden, ? as base, "
        "? as half_base, ? as least_denominator, ? as least_of_mean",
        [LARGEST_HIDDEN, BASE, BASE // 2, LEAST_DENOMINATOR, LEAST_OF_MEAN],
    )
    connection.execute("create table kpi.exact_topic (breakdown_topic varchar)")
    connection.executemany("insert into kpi.exact_topic values (?)", [[it] for it in EXACT_TOPICS])
    connection.execute(
        "create table kpi.disclosure_rule (kpi varchar, unit varchar, period_kind varchar, "
        "decimals integer, scale integer, is_exact boolean, is_total_public boolean, "
        "is_breakdown_public boolean, is_district_public boolean)"
    )
    connection.executemany(
        "insert into kpi.disclosure_rule values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_rule(measure) for measure in measures(root / "sql").values()],
    )


def _rule(measure: Measure) -> list[str | int | bool]:
    return [
        measure.id,
        "count" if measure.unit in COUNTED else measure.unit,
        measure.period_kind,
        measure.decimals,
        measure.scale,
        measure.disclosure == "exact_total",
        "area_total" in measure.publish,
        "area_by_breakdown" in measure.publish,
        "area_by_district" in measure.publish,
    ]
