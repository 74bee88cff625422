"""Releases after an erasure: rows for officers are taken out, published counts stay as they are.

Deleting rows leaves them in the file, so the file is copied row by row into a new one. The release
says in erased.jsonl which of its files that was and what its hash is now, signed with the audit
key: a line that somebody adds by hand excuses no change.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine.duckdb import attach
from pipelines.ingest.keys import keys_of
from pipelines.ingest.raw_store import sync_file, sync_folder
from pipelines.ingest.signed_lines import signed
from pipelines.json_lines import append
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

    from pipelines.ingest.keys import Key

# Rows about a person say so, or explain a finding in one of the person's files.
COLUMN, EXPLAINED = "pseudonym", "explained_file_id"
# Column -> values whose rows go.
Going = Mapping[str, Sequence[str]]
PUBLIC = "public.duckdb"
# What the copy that is changed is called on its connection.
WORK = "work"
MANIFEST = "manifest.json"
NOTE = "erased.jsonl"
WHY = "a person was erased: the rows of this release cannot be made again"


def purge(settings: Settings, pseudonym: str, files: Collection[str]) -> tuple[str, ...]:
    """Take a person's rows out of every release, candidates included; gives the releases' names.

    files: those that held the person. What explains findings in them goes too, as it does from
        landing: it names a record and not whose that is.
    """
    going = {COLUMN: [pseudonym], EXPLAINED: sorted(files)}
    purged = []
    for path in sorted(settings.releases.glob("*/*.duckdb")):
        if path.name != PUBLIC and _holds(path, going):
            rewrite(settings, path, lambda work: _take_out(work, going), WHY)
            purged.append(path.parent.name)
    return tuple(dict.fromkeys(purged))


def releases_counting(settings: Settings, files: Collection[str]) -> tuple[str, ...]:
    """Releases that were built from files in which the person was."""
    wanted = {f"received/{file_id}" for file_id in files}
    found = []
    for path in sorted(settings.releases.glob(f"*/{MANIFEST}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if wanted & {item["name"] for item in manifest.get("inputs", ())}:
            found.append(path.parent.name)
    return tuple(found)


def tables_with(
    connection: duckdb.DuckDBPyConnection, database: str, *columns: str
) -> list[tuple[str, str]]:
    """Every table of a database with one of the columns, quoted, and which of them."""
    rows = connection.execute(
        "select distinct schema_name, table_name, column_name from duckdb_columns() "
        "where database_name = ? and column_name in (select unnest(?::varchar[])) order by all",
        [database, list(columns)],
    ).fetchall()
    return [(f'"{database}"."{schema}"."{table}"', column) for schema, table, column in rows]


def _holds(path: Path, going: Going) -> bool:
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        return any(
            connection.execute(
                f"select 1 from {table} where {column} in (select unnest(?::varchar[])) limit 1",  # noqa: S608
                [going[column]],
            ).fetchone()
            for table, column in tables_with(connection, path.stem, *going)
        )


def _take_out(connection: duckdb.DuckDBPyConnection, going: Going) -> None:
    for table, column in tables_with(connection, WORK, *going):
        connection.execute(
            f"delete from {table} where {column} in (select unnest(?::varchar[]))",  # noqa: S608
            [going[column]],
        )


def rewrite(
    settings: Settings, path: Path, change: Callable[[duckdb.DuckDBPyConnection], None], why: str
) -> None:
    """Change a copy of a release's file, copy what is left row by row into a new one, and swap.

    change: is given a connection on which the copy is the database `work`.
    why: is written down in the release, with the hashes before and after.
    """
    import duckdb

    key = keys_of(settings).audit
    work, new = path.with_name(f".{path.name}.work"), path.with_name(f".{path.name}.new")
    for left in (work, new):
        left.unlink(missing_ok=True)
    shutil.copyfile(path, work)
    try:
        with duckdb.connect(":memory:") as connection:
            attach(connection, work, WORK)
            change(connection)
            attach(connection, new, "new")
            connection.execute(f"copy from database {WORK} to new")
            connection.execute("checkpoint new")
        _for_the_same_readers(path, new)
        sync_file(new)
        # Before it takes its place: what is there and not written down would count as damaged.
        _note(key, path, new, why)
        new.replace(path)
        sync_folder(path.parent)
    finally:
        work.unlink(missing_ok=True)
        new.unlink(missing_ok=True)
        work.with_name(f"{work.name}.wal").unlink(missing_ok=True)


def _for_the_same_readers(path: Path, new: Path) -> None:
    """Who may read the one file may read the other (release/share.py), where that can be given."""
    status = path.stat()
    with suppress(PermissionError):
        os.chown(new, -1, status.st_gid)
    new.chmod(status.st_mode & 0o777)


def _note(key: Key, path: Path, new: Path, why: str) -> None:
    """What the release's manifest says of the file will hold no longer, and why."""
    line = {
        "release": path.parent.name,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": path.name,
        "sha256_before": _sha256(path),
        "sha256": _sha256(new),
        "why": why,
    }
    append(path.parent / NOTE, signed(key, line))
    _for_the_same_readers(path, path.parent / NOTE)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
