"""Releases after a change of the pseudonym key: the rows for officers bear the new pseudonyms.

Published counts stay to the byte. Rows of somebody who can no longer be followed, because the file
they came in is kept no more, go: an old pseudonym leads nowhere and may not stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.forget_releases import COLUMN, PUBLIC, WORK, rewrite, tables_with
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

WHY = "the pseudonym key was changed: the same rows, under new pseudonyms"
KEY_ID = "key_id"
FOLLOWED = "update {table} set {column} = after from key_pair where {column} = before"
# Bound: the id of the new key.
NAMED = "update {table} set {column} = ? where {column} is not null"
# What is not under the new key.
STRANGE = {
    COLUMN: "{column} is not null and {column} not in (select key_pair.after from key_pair)",
    KEY_ID: "{column} <> (select max(new_key.key_id) from new_key)",
}


def rekey(settings: Settings, pairs: Mapping[str, str], new_id: str) -> tuple[str, ...]:
    """Write the new pseudonyms into every release; gives the names of those that had old ones.

    pairs: old pseudonym -> new. new_id: of the new key.
    Done twice it does nothing the second time.
    """
    done = []
    for path in sorted(settings.releases.glob("*/*.duckdb")):
        if path.name != PUBLIC and _has_old(path, pairs, new_id):
            rewrite(settings, path, lambda work: _change(work, pairs, new_id), WHY)
            done.append(path.parent.name)
    return tuple(dict.fromkeys(done))


def _has_old(path: Path, pairs: Mapping[str, str], new_id: str) -> bool:
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        _lay(connection, pairs, new_id)
        return any(
            connection.execute(
                f"select 1 from {table} where {_strange(column)} limit 1"  # noqa: S608
            ).fetchone()
            for table, column in tables_with(connection, path.stem, COLUMN, KEY_ID)
        )


def _change(connection: duckdb.DuckDBPyConnection, pairs: Mapping[str, str], new_id: str) -> None:
    _lay(connection, pairs, new_id)
    for table, column in tables_with(connection, WORK, COLUMN):
        connection.execute(FOLLOWED.format(table=table, column=column))
        connection.execute(f"delete from {table} where {_strange(column)}")  # noqa: S608
    for table, column in tables_with(connection, WORK, KEY_ID):
        connection.execute(NAMED.format(table=table, column=column), [new_id])


def _strange(column: str) -> str:
    return STRANGE[column].format(column=column)


def _lay(connection: duckdb.DuckDBPyConnection, pairs: Mapping[str, str], new_id: str) -> None:
    import pyarrow as pa

    columns = {"before": list(pairs), "after": list(pairs.values())}
    laid = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    connection.register("laid", laid)
    connection.execute("create temp table key_pair as select * from laid")
    connection.unregister("laid")
    connection.execute("create temp table new_key as select ? as key_id", [new_id])
