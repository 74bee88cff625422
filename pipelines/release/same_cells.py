"""Whether two public files hold the same cells, table by table."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine.duckdb import attach

if TYPE_CHECKING:
    import duckdb

# What a release says of its own making: of two builds of the same inputs these differ.
OF_THE_BUILD = {
    "marts.release": ("release", "built_at", "code_version"),
    # Code that changed leaves alone what had landed before; a rebuild reads everything by the
    # release's own. Whether that reads otherwise is seen in the other cells.
    "marts.source_file": ("reading_version",),
}


@dataclass(frozen=True)
class Compared:
    """One table of a release beside its rebuilt twin.

    Attributes:
        row_count: rows of the release.
        missing, added: rows that only the release, or only the rebuilt file has.
        is_same_shape: whether columns and types are the same; if not, no row was compared.
    """

    table: str
    row_count: int
    missing: int
    added: int
    is_same_shape: bool = True

    @property
    def is_same(self) -> bool:
        """Whether every cell is, to the byte, what it was."""
        return self.is_same_shape and not (self.missing or self.added)


def compare(stored: Path, rebuilt: Path) -> list[Compared]:
    """Hold every table of one public file against that of another."""
    import duckdb

    with closing(duckdb.connect()) as connection:
        for name, path in (("stored", stored), ("rebuilt", rebuilt)):
            attach(connection, path, name, read_only=True)
        shapes = {name: _shapes(connection, name) for name in ("stored", "rebuilt")}
        tables = sorted(shapes["stored"].keys() | shapes["rebuilt"].keys())
        return [_compared(connection, table, shapes) for table in tables]


def _shapes(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, list[tuple[str, str]]]:
    """Names and types of the columns of each table, in their order."""
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? order by schema_name, table_name, column_index",
        [name],
    ).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind))
    return found


def _compared(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    shapes: dict[str, dict[str, list[tuple[str, str]]]],
) -> Compared:
    """Rows as one canonical text each: equal texts are equal cells, null told from empty."""
    columns = shapes["stored"].get(table, [])
    count = _count(connection, f"from stored.{table}") if columns else 0
    if columns != shapes["rebuilt"].get(table):
        return Compared(table, count, 0, 0, is_same_shape=False)
    left_out = OF_THE_BUILD.get(table, ())
    names = [f'"{name}"' for name, _ in columns if name not in left_out]
    text = f"to_json(struct_pack({', '.join(f'{name} := {name}' for name in names)}))::varchar"
    stored, rebuilt = (f"select {text} from {name}.{table}" for name in ("stored", "rebuilt"))  # noqa: S608
    missing = _count(connection, f"from (({stored}) except all ({rebuilt}))")
    added = _count(connection, f"from (({rebuilt}) except all ({stored}))")
    return Compared(table, count, missing, added)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    (count,) = connection.execute(f"select count(*) {relation}").fetchone() or (0,)
    return int(count)
