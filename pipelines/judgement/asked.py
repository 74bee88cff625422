"""Asking the tables at hand by a text of sql/judgement.

What is asked for stands beside them as the relation `asked_for`, so that no value is formatted into
a text and the texts stay plain SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

FOLDER = PROJECT_ROOT / "sql" / "judgement"
RELATION = "asked_for"


def table(connection: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pa.Table:
    """What one text gives. A value that is a list makes a row of `asked_for` for each item."""
    import pyarrow as pa

    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    if not values:
        return connection.sql(text).to_arrow_table()
    lists = {key: value if isinstance(value, list) else [value] for key, value in values.items()}
    connection.register(RELATION, pa.table({key: pa.array(own) for key, own in lists.items()}))
    try:
        return connection.sql(text).to_arrow_table()
    finally:
        connection.unregister(RELATION)


def rows(connection: duckdb.DuckDBPyConnection, name: str, **values: Any) -> list[dict[str, Any]]:
    """The same row by row, with None in an empty cell."""
    found: list[dict[str, Any]] = table(connection, name, **values).to_pylist()
    return found


def frame(connection: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pd.DataFrame:
    """The same as a data frame, for what is turned about and counted."""
    found: pd.DataFrame = table(connection, name, **values).to_pandas()
    return found
