"""An empty warehouse with the columns that the suites name, for rows given by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT

EXPECTATIONS = PROJECT_ROOT / "expectations"
SQL = PROJECT_ROOT / "sql"

Insert = Callable[[str, Sequence[Mapping[str, Any]]], None]


@pytest.fixture
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for floor in ("landing", "staging", "core", "kpi", "marts"):
        connection.execute(f"create schema {floor}")
    for table, columns in columns_by_table(EXPECTATIONS, SQL).items():
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"create table {table} ({listed})")
    yield connection
    connection.close()


@pytest.fixture
def insert(empty_warehouse: duckdb.DuckDBPyConnection) -> Insert:
    """Rows given as mappings; columns left out are empty."""

    def into(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" * len(row))
            empty_warehouse.execute(
                f"insert into {table} ({names}) values ({marks})",  # noqa: S608
                [Decimal(str(item)) if isinstance(item, float) else item for item in row.values()],
            )

    return into
