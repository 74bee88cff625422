"""The proof that a release's files hold every row that the build wrote into them.

DuckDB passes over the torn end of a file's log of changes without a word. So rows are counted where
they are written, and again when every file has been closed and is opened anew: what is found then
is held against what was written, and never against itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.engine.duckdb import row_count
from pipelines.errors import FailedCheckError
from pipelines.ingest.words import counted
from pipelines.release.reader import PUBLIC, connect

if TYPE_CHECKING:
    import duckdb

# Rows by table, its schema before its name.
Rows = Mapping[str, int]
# What a manifest calls those of the public file and, by file, of the two others: a release of an
# earlier version lacks the latter.
IN_PUBLIC, IN_OTHERS = "row_counts", "other_row_counts"
LOG_SUFFIX = ".wal"


def rows_of(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    """Rows of every table of one of the files that are open."""
    # No value is bound: for that the engine imports pandas, a third of a second of every rollback.
    names = connection.execute(
        "select database_name, schema_name || '.' || table_name from duckdb_tables() order by all"
    ).fetchall()
    own = [name for place, name in names if place == database]
    return {name: row_count(connection, f"{database}.{name}") for name in own}


def require_rows(folder: Path, written: Mapping[str, Rows]) -> None:
    """Open every file anew and count; nobody may have any of them open.

    written: by file, what the build counted as it wrote.

    Raises:
        FailedCheckError: a table is not there or holds another number of rows, or a file left a
            log of changes beside it.
    """
    faults = []
    for name, rows in written.items():
        if (folder / f"{name}{LOG_SUFFIX}").exists():
            faults.append(f"{name}: changes that are not in the file itself were left beside it")
        told = apart(folder / name, rows)
        faults += [f"{name}: {each}, and {rows[table]:,} were written" for table, each in told]
    if faults:
        raise FailedCheckError(
            "; ".join(faults),
            where="the release that was being made",
            remedy="Nothing was released, and readers see what they saw. Look whether the disk is "
            "sound and has room, and build again with: send build",
        )


def apart(path: Path, stated: Rows) -> list[tuple[str, str]]:
    """The tables of a closed file that do not hold the rows stated, each with what is found."""
    with closing(connect(path)) as connection:
        held = rows_of(connection, path.stem)
    found = {table: f"holds {counted(count, 'row')}" for table, count in held.items()}
    return [
        (table, f"{table} {found.get(table, 'is not there')}")
        for table, count in stated.items()
        if held.get(table) != count
    ]


def in_manifest(written: Mapping[str, Rows]) -> dict[str, Any]:
    """What a manifest says of the rows of a release's files."""
    others = {name: rows for name, rows in written.items() if name != PUBLIC}
    return {IN_PUBLIC: written[PUBLIC], IN_OTHERS: others}


def stated_by(manifest: Mapping[str, Any]) -> dict[str, Rows]:
    """By file, the rows that a manifest states."""
    return {PUBLIC: manifest[IN_PUBLIC], **manifest.get(IN_OTHERS, {})}
