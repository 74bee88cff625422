"""What an auditor needs beside the figures: files, findings, checks, lineage and the SQL itself.

Written into the schema `evidence` of the warehouse, which is frozen as evidence.duckdb. Counts and
names only; no row of a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.registry.house import house_models
from pipelines.registry.judgement import JUDGEMENTS

if TYPE_CHECKING:
    import duckdb

# Evidence that is a table of the warehouse already, by the name it has in evidence.duckdb.
COPIED = {
    "file": "core.received_file",
    "finding": "core.finding",
    "rule_finding": "core.rule_finding",
    "record_finding_summary": "marts.record_finding_summary",
}

CHECK_COLUMNS = ("table_name", "check_name", "severity", "passed", "row_count", "failed_count")


def keep_checks(
    connection: duckdb.DuckDBPyConnection, floor: str, results: Sequence[Mapping[str, Any]]
) -> None:
    """Replace the check results of one floor by these; each has CHECK_COLUMNS and a message."""
    connection.execute("create schema if not exists evidence")
    connection.execute(
        "create table if not exists evidence.check_result (floor varchar, table_name varchar, "
        "check_name varchar, severity varchar, passed boolean, row_count bigint, "
        "failed_count bigint, message varchar)"
    )
    connection.execute("delete from evidence.check_result where floor = ?", [floor])
    if results:
        import pyarrow as pa

        names = (*CHECK_COLUMNS, "message")
        columns = {name: [result[name] for result in results] for name in names}
        kept = pa.table({"floor": [floor] * len(results), **columns})
        connection.register("kept_checks", kept)
        connection.execute("insert into evidence.check_result by name select * from kept_checks")
        connection.unregister("kept_checks")


def keep_evidence(connection: duckdb.DuckDBPyConnection, sql_folder: Path) -> None:
    """Write files, findings, quarantine counts, lineage and model texts."""
    connection.execute("create schema if not exists evidence")
    for name, table in COPIED.items():
        connection.execute(f"create or replace table evidence.{name} as from {table}")
    connection.execute(
        "create or replace table evidence.lineage (table_name varchar, reads varchar)"
    )
    connection.execute(
        "create or replace table evidence.model_sql (table_name varchar, sql varchar)"
    )
    for model in house_models(sql_folder.parent).values():
        connection.execute("insert into evidence.model_sql values (?, ?)", [model.name, model.sql])
        for name in sorted(model.reads):
            connection.execute("insert into evidence.lineage values (?, ?)", [model.name, name])
    lineage = [
        [name, read]
        for item in JUDGEMENTS
        for name in item.tables
        for read in sorted(item.reads | item.officer_reads)
    ]
    connection.executemany("insert into evidence.lineage values (?, ?)", lineage)
