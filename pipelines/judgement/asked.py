"""Asking the tables at hand by a text of sql/judgement.

What is asked for stands beside them as the relation `asked_for`, so that no value is formatted into
a text and the texts stay plain SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FOLDER = PROJECT_ROOT / "sql" / "judgement"
RELATION = "asked_for"


def asked(connection: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pd.DataFrame:
    """What one text gives. A value that is a list makes a row of `asked_for` for each item."""
    import pyarrow as pa

    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    if not values:
        return connection.execute(text).df()
    lists = {key: value if isinstance(value, list) else [value] for key, value in values.items()}
    connection.register(RELATION, pa.table({key: pa.array(own) for key, own in lists.items()}))
    try:
        return connection.execute(text).df()
    finally:
        connection.unregister(RELATION)


def rows(
    connection: duckdb.DuckDBPyConnection, name: str, **values: Any
) -> Iterator[tuple[Any, ...]]:
    """The same as tuples, with None in an empty cell."""
    import pandas as pd

    frame = asked(connection, name, **values)
    for cells in frame.itertuples(index=False, name=None):
        yield tuple(None if pd.isna(cell) else cell for cell in cells)
