"""How a query reads: which frozen file, its rows as a frame, and the cache all readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import duckdb
import pandas as pd
import streamlit as st

from pipelines.errors import InputError
from pipelines.release import reader

_ENTRIES = 400

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Key:
    """Which frozen file is read, and for whom: part of every cache key.

    A release's file never changes, so a cached frame needs no expiry.
    """

    release: str
    role: str
    path: str


def cached(query: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """Keep what a query found: a release's file never changes, so it needs no expiry.

    The query's first argument is the key, by which the answers of two roles are never mixed.
    """
    kept: Callable[_Given, _Found] = st.cache_data(show_spinner=False, max_entries=_ENTRIES)(query)
    return kept


def frame_of(key: Key, sql: str, values: Sequence[Any] = ()) -> pd.DataFrame:
    """What a query finds in one frozen file; values stand where it has question marks.

    Raises:
        InputError: the release was built before the product knew what is asked for.
    """
    with closing(reader.connect(Path(key.path))) as connection:
        try:
            frame: pd.DataFrame = connection.execute(sql, list(values)).df()
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise _too_old(key) from error
    return frame


@cached
def is_held(key: Key, table: str) -> bool:
    """Whether the file holds a table, named with its schema."""
    sql = "select 1 from duckdb_tables() where schema_name || '.' || table_name = ?"
    return not frame_of(key, sql, (table,)).empty


def frame_if_held(
    key: Key, table: str, sql: str, values: Sequence[Any] = (), *, names: Sequence[str] = ()
) -> pd.DataFrame:
    """What a query finds where the file holds a table; an empty frame with these names elsewhere.

    The public's file, an auditor's and one of an older version lack what others hold.
    """
    return frame_of(key, sql, values) if is_held(key, table) else pd.DataFrame(columns=list(names))


def _too_old(key: Key) -> InputError:
    """A release never changes and the pages do: after an update they may ask for more."""
    return InputError(
        "This page needs a table or column that the release does not hold. The release was built "
        "by another version of the product.",
        where=f"release {key.release}",
        remedy="Build and publish again (`send build`, `send publish`). The other pages, and the "
        "figures of this release, are as they were.",
    )


def batches(key: Key, sql: str, size: int) -> Iterator[Sequence[Sequence[Any]]]:
    """What a query finds, size rows at a time after a first one of names: for what is never kept.

    sql: without `union all` (docs/guide-developer.md says why).
    """
    with closing(reader.connect(Path(key.path))) as connection:
        found = connection.execute(sql)
        yield [[column[0] for column in found.description or ()]]
        while rows := found.fetchmany(size):
            yield rows


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with None where a cell is null."""
    names = [str(name) for name in frame.columns]
    # Column by column: cell by cell it took a quarter of the time of whole pages.
    columns = [
        [None if is_gone else value for value, is_gone in zip(column.tolist(), gone, strict=True)]
        for (_, column), gone in zip(frame.items(), frame.isna().to_numpy().T, strict=True)
    ]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def by_word(rows: Iterable[dict[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    """The rows under each word of a column, in the order given. rows: as records gives them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row[name]), []).append(row)
    return found
