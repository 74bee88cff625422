"""The one way from the council's own rows to what anybody may read.

The public file of a release is made here: the marts are built once more, by the same SQL, from
protected rows of the measures. So whatever a page, a file or a statement's verdict shows has passed
through the rule for small numbers, changes, earlier values and marks included, and the raw counts
are not there to leak. Where no row of the council is held, the marts are copied as they are.

The rule, its reasons and its test against an attacker: the project's methods, section 5, and
docs/adr/0018. What may be public stands in each measure's .yml (`publish`, `disclosure`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine.duckdb import add_functions_of_the_call, attach
from pipelines.registry.measures import measures
from pipelines.registry.models import MEASURE_ROW, Model, models_of
from pipelines.release.attack.apply import forget_evidence, withhold
from pipelines.release.rounding import BASE, LARGEST_HIDDEN
from pipelines.release.row_proof import rows_of
from pipelines.release.rule_tables import write_rule_tables

if TYPE_CHECKING:
    import duckdb

    from pipelines.release.attack.printed import Printed

TARGET = "public_file"
# The tables of core that marts in the public file may rest on, and which of their rows. A mart that
# reads any other table is for officers.
PUBLIC_CORE = {
    "core.area": "true",
    "core.measure": "true",
    "core.measure_break": "true",
    "core.event": "true",
    "core.neighbour": "true",
    "core.statement": "true",
    "core.statement_figure": "true",
    "core.vintage": "true",
    # What was promised, and moves with their reasons.
    "core.plan_action": "true",
    "core.plan_measure": "true",
    "core.plan_milestone": "true",
    # What a document reported; what officers noted themselves is theirs.
    "core.plan_note": "entry_kind = 'status'",
    # What was said of the future, where the public file of its release says the same.
    "core.forecast_made": "is_public",
    "core.chance_made": "is_public",
    "core.finding": "source <> 'council'",
    "core.rule_finding": "source <> 'council'",
    "core.received_file": "true",
}
# What the row of a person-level file says of its size; the counts follow the rule.
FILE_COUNTS = ("row_count_in", "row_count_accepted", "row_count_quarantined")
# What would lead from the public file to the bytes of one of the council's own.
FILE_TRACES = ("file_id", "archive_name", "sha256", "kept_sha256", "size_bytes")


def public_marts(root: Path) -> list[Model]:
    """The marts that may be public, in an order in which they can be built."""
    allowed = {*PUBLIC_CORE, MEASURE_ROW}
    found = []
    for model in models_of(root / "sql", "marts").values():
        if model.reads <= allowed:
            found.append(model)
            allowed.add(model.name)
    return found


def write_public_marts(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    root: Path,
    earlier: Sequence[Printed] = (),
) -> dict[str, int]:
    """Make the public file beside the warehouse that is open; rows by table, as written.

    target: a file that does not exist yet. earlier: what the release before prints.
    """
    (built,) = connection.execute("select current_database()").fetchone() or ("",)
    attach(connection, target, TARGET)
    try:
        connection.execute(f"create schema {TARGET}.marts")
        if _holds_own_rows(connection):
            _rebuild(connection, str(built), root, earlier)
        else:
            _copy(connection, root)
        written = rows_of(connection, TARGET)
        connection.execute(f"checkpoint {TARGET}")
    finally:
        connection.execute(f"use {built}")
        connection.execute(f"detach {TARGET}")
    return written


def _holds_own_rows(connection: duckdb.DuckDBPyConnection) -> bool:
    own = connection.sql(f"select 1 from {MEASURE_ROW} where source = 'council' limit 1")  # noqa: S608
    files = connection.sql("select 1 from core.received_file where source = 'council' limit 1")
    said = connection.sql("select 1 from core.forecast_made where not is_public limit 1")
    chances = connection.sql("select 1 from core.chance_made where not is_public limit 1")
    return any(held.fetchone() for held in (own, files, said, chances))


def _copy(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """The marts as they are, but for officers' notes, which need no row of a child to be held."""
    forget_evidence(connection)
    for model in public_marts(root):
        kept = PUBLIC_CORE["core.plan_note"] if model.name == "marts.plan_note" else "true"
        connection.execute(f"create table {TARGET}.{model.name} as from {model.name} where {kept}")


def _rebuild(
    connection: duckdb.DuckDBPyConnection, built: str, root: Path, earlier: Sequence[Printed]
) -> None:
    """The marts by their own SQL, in the public file, over protected rows of the measures."""
    connection.execute(f"use {TARGET}")
    connection.execute("create schema core")
    connection.execute("create schema kpi")
    add_functions_of_the_call(connection, root / "sql")
    for name, condition in PUBLIC_CORE.items():
        connection.execute(_core_view(connection, built, name, condition))
    _protect(connection, built, root, earlier)
    for model in public_marts(root):
        connection.execute(f"create table {model.name} as {model.sql}")
    connection.execute("drop schema kpi cascade")
    connection.execute("drop schema core cascade")


def _core_view(connection: duckdb.DuckDBPyConnection, built: str, name: str, condition: str) -> str:
    columns = connection.sql(f"from {built}.{name} limit 0").columns
    listed = ", ".join(_file_column(name, column) for column in columns)
    return f"create view {name} as select {listed} from {built}.{name} where {condition}"  # noqa: S608


def _file_column(table: str, column: str) -> str:
    """A column of core.received_file as anybody may read it; every other column as it is.

    A hash of a small file can be searched for what the file holds, and a name may be a child's: of
    the council's own files neither leaves, nor does the id, which is the beginning of a hash.
    """
    if table != "core.received_file":
        return column
    if column in FILE_COUNTS:
        shown = f"({column} + {BASE // 2}) - ({column} + {BASE // 2}) % {BASE}"
        hidden = f"when {column} <= {LARGEST_HIDDEN} then null"
        return f"case when source <> 'council' then {column} {hidden} else {shown} end as {column}"
    if column in FILE_TRACES:
        return f"case when source <> 'council' then {column} end as {column}"
    if column == "file_name":
        named = "kind || ' ' || vintage"
        return f"case when source <> 'council' then {column} else {named} end as {column}"
    return column


def _protect(
    connection: duckdb.DuckDBPyConnection, built: str, root: Path, earlier: Sequence[Printed]
) -> None:
    """kpi.measure_row of the public file: publishers' rows, and the council's protected ones."""
    sql_folder = root / "sql"
    for name, condition in (
        ("published_row", "source <> 'council'"),
        ("own_row", "source = 'council'"),
    ):
        parts = " union all ".join(
            f"select '{kpi}' as kpi, * from {built}.kpi.{kpi} where {condition}"  # noqa: S608
            for kpi in measures(sql_folder)
        )
        connection.execute(f"create view kpi.{name} as {parts}")
    write_rule_tables(connection, root)
    text = (sql_folder / "disclosure" / "protected_measure.sql").read_text(encoding="utf-8")
    connection.execute(f"create table kpi.protected_row as {text}")
    withhold(connection, built, root, earlier)
    both = "select * from kpi.published_row union all select * from kpi.protected_row"
    connection.execute(f"create view {MEASURE_ROW} as {both}")
