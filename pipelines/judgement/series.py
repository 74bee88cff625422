"""The series of marts that can be charted, and the level that each is to reach by the plan.

Reading only: the texts stand in sql/judgement. What a series says is judged in spc.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.judgement.asked import rows, table
from pipelines.registry.rebase import rebases

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from pipelines.judgement.make import Inputs

# What names a series. The period's kind is stock or flow for a line of years, or month.
KEY = ("kpi", "la_code", "area_code", "breakdown_topic", "breakdown", "source", "period_kind")


def points(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> Any:
    """Every value of every series, one series after the other, in the order of their periods."""
    connection.register("rebase", _decisions(inputs.council_folder))
    try:
        return table(connection, "series_point")
    finally:
        connection.unregister("rebase")


def targets(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, ...], Any]:
    """The level in force by (kpi, la_code, breakdown_topic, breakdown); each a row by name."""
    found = rows(connection, "series_target")
    names = ("kpi", "la_code", "breakdown_topic", "breakdown")
    return {tuple(row[name] for name in names): row for row in found}


def _decisions(council_folder: Path) -> Any:
    import pyarrow as pa

    held = rebases(council_folder)
    columns = {
        "kpi": [item.kpi for item in held],
        "la_code": [council_folder.name for _ in held],
        "breakdown_topic": [item.breakdown_topic for item in held],
        "breakdown": [item.breakdown for item in held],
        "is_monthly": [item.of == "months" for item in held],
        "place": [item.place for item in held],
        "opening_reason": [item.reason for item in held],
        "decided_on": [item.decided_on for item in held],
    }
    kinds = {"is_monthly": pa.bool_(), "place": pa.int64(), "decided_on": pa.date32()}
    return pa.table(
        {name: pa.array(cells, kinds.get(name, pa.string())) for name, cells in columns.items()}
    )
