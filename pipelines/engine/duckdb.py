"""The default engine: DuckDB in one file, one writer, closed after use.

It offers the functions of sql/functions/duckdb.sql, shows the Parquet of landing/ as views, and
makes one table per model. It knows nothing of measures, releases or Dagster.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import SendError
from pipelines.faults import fault_of, is_no_room
from pipelines.registry.models import FLOORS, Model
from pipelines.registry.selects import literal

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


def add_functions_of_the_call(connection: duckdb.DuckDBPyConnection, sql_folder: Path) -> None:
    """Our functions for this connection alone: they stay in no file, and one may be read-only."""
    functions = (sql_folder / "functions" / "duckdb.sql").read_text(encoding="utf-8")
    connection.execute(functions.replace("replace macro", "replace temp macro"))


def attach(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool = False
) -> None:
    """Open one more file beside what is open already; its tables stand under the name."""
    how = " (read_only)" if read_only else ""
    connection.execute(f"attach {literal(path)} as {name}{how}")


def show_landing(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Mapping[str, str]],
    files: Mapping[str, Iterable[Path]],
    needed: Mapping[str, frozenset[str]] | None = None,
) -> None:
    """Make landing.<table> a view on its Parquet files; a table without files is empty.

    A file that landed before a table had a column leaves it empty.

    tables: columns with their types, by table (sql/landing.yml).
    files: Parquet files by table.
    needed: columns that may not be empty, by table.

    Raises:
        SendError: a file lacks a column that may not be empty.
    """
    for name, columns in tables.items():
        paths = sorted(str(path) for path in files.get(name, ()))
        held = _held(connection, paths)
        _require(name, (needed or {}).get(name, ()), held, len(paths))
        view = _select(columns, paths, held.keys())
        connection.execute(f"create or replace view landing.{name} as {view}")


def make_table(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Run one model's text into its table, or view, and give the number of rows.

    Raises:
        SendError: the engine refuses the text or a row; names the model's file.
    """
    import duckdb

    kind = "view" if model.is_view else "table"
    try:
        connection.execute(f"create or replace {kind} {model.name} as {model.sql}")
    except duckdb.Error as error:
        if is_no_room(error):
            raise fault_of(error) from None
        # The words of any other may quote a cell.
        of_the_text = duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException
        of_the_machine = duckdb.IOException, duckdb.OutOfMemoryException
        is_told = isinstance(error, (*of_the_text, *of_the_machine))
        what = str(error).strip() if is_told else f"a row cannot be read: {type(error).__name__}"
        raise SendError(what, where=f"sql/{model.name.replace('.', '/')}.sql") from None
    return row_count(connection, model.name)


def row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows of a table or view."""
    (count,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)  # noqa: S608
    return int(count)


def _held(connection: duckdb.DuckDBPyConnection, paths: list[str]) -> dict[str, int]:
    """How many of the files have each column."""
    if not paths:
        return {}
    question = "select name, count(distinct file_name) from parquet_schema(?) group by name"
    return dict(connection.execute(question, [paths]).fetchall())


def _require(table: str, needed: Iterable[str], held: Mapping[str, int], file_count: int) -> None:
    """Every file has the columns that may not be empty."""
    lacking = {name: file_count - held.get(name, 0) for name in sorted(needed)}
    lacking = {name: count for name, count in lacking.items() if count}
    if lacking:
        raise SendError(
            f"{max(lacking.values())} of {file_count} files landed before the table had the "
            f"columns {', '.join(lacking)}",
            where=f"landing/{table}",
            remedy="Ingest these files again: `send ingest` reads them anew after an update.",
        )


def _select(columns: Mapping[str, str], paths: list[str], held: Collection[str]) -> str:
    """The text of a landing view; paths are quoted as literals, a view takes no parameters."""
    cast = ", ".join(
        f"cast({name if name in held else 'null'} as {kind}) as {name}"
        for name, kind in columns.items()
    )
    if not paths:
        return f"select {cast} where false"
    listed = ", ".join(map(literal, paths))
    return f"select {cast} from read_parquet([{listed}], union_by_name = true)"  # noqa: S608
