"""The default engine: DuckDB in one file, one writer, closed after use.

It offers the functions of sql/functions/duckdb.sql, shows the Parquet of landing/ as views, and
makes one table per model. It knows nothing of measures, releases or Dagster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import SendError
from pipelines.registry.models import FLOORS, Model

if TYPE_CHECKING:
    import duckdb

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@contextmanager
def warehouse(path: Path, sql_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for the one writer, with the floors as schemas and our functions in place.

    The file is checkpointed and closed on the way out, whatever happens.
    """
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = duckdb.connect(str(path), config=CONFIG)
    try:
        for floor in FLOORS:
            connection.execute(f"create schema if not exists {floor}")
        functions = sql_folder / "functions" / "duckdb.sql"
        connection.execute(functions.read_text(encoding="utf-8"))
        yield connection
        connection.execute("checkpoint")
    finally:
        connection.close()


def show_landing(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Mapping[str, str]],
    files: Mapping[str, Iterable[Path]],
) -> None:
    """Make landing.<table> a view on its Parquet files; a table without files is empty.

    tables: columns with their types, by table (sql/landing.yml).
    files: Parquet files by table.
    """
    for name, columns in tables.items():
        paths = sorted(str(path) for path in files.get(name, ()))
        connection.execute(f"create or replace view landing.{name} as {_select(columns, paths)}")


def make_table(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Run one model's text into its table, or view, and give the number of rows.

    Raises:
        SendError: the engine refuses the text; names the model's file.
    """
    import duckdb

    kind = "view" if model.is_view else "table"
    try:
        connection.execute(f"create or replace {kind} {model.name} as {model.sql}")
    except duckdb.Error as error:
        raise SendError(
            str(error).strip(), where=f"sql/{model.name.replace('.', '/')}.sql"
        ) from error
    return row_count(connection, model.name)


def row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows of a table or view."""
    (count,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)  # noqa: S608
    return int(count)


def _select(columns: Mapping[str, str], paths: list[str]) -> str:
    """The text of a landing view; paths are quoted as literals, a view takes no parameters."""
    if not paths:
        nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
        return f"select {nothing} where false"
    cast = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns.items())
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"select {cast} from read_parquet([{listed}], union_by_name = true)"  # noqa: S608
