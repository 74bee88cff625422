"""The tables that forecasts rest on have worked examples (tests/examples/forecast/*.yml).

Here belongs only what runs them: one model over the rows that an example gives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.house import house_models
from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT

SQL = PROJECT_ROOT / "sql"
EXAMPLES = Path(__file__).parent / "forecast"

Row = dict[str, Any]


def _cases() -> Iterator[Any]:
    for path in sorted(EXAMPLES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for example in content["examples"]:
            label = f"{path.stem}: {example['it']}"
            yield pytest.param(content["model"], content["usual"], example, id=label)


def _columns(table: str) -> dict[str, str]:
    """Of a staging view, which has no suite, those of the landing table that it casts."""
    known = columns_by_table(PROJECT_ROOT / "expectations", SQL)
    return known.get(table) or known[table.replace("staging.", "landing.")]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    columns = _columns(table)
    assert not {name for row in rows for name in row} - set(columns)
    connection.execute(f"create schema if not exists {table.split('.')[0]}")
    spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table {table} ({spelled})")
    for row in rows:
        marks = ", ".join("?" for _ in columns)
        cells = [row.get(name) for name in columns]
        connection.execute(f"insert into {table} values ({marks})", cells)  # noqa: S608


@pytest.mark.parametrize(("model", "usual", "example"), list(_cases()))
def test_the_model_makes_the_rows_of_the_example(
    model: str, usual: dict[str, Row], example: Row
) -> None:
    with duckdb.connect() as connection:
        for table in usual:
            given = [usual[table] | row for row in example["given"].get(table, [])]
            _fill(connection, table, given)
        made = connection.sql(house_models(PROJECT_ROOT)[model].sql)
        rows = [dict(zip(made.columns, cells, strict=True)) for cells in made.fetchall()]
    expected = example["expect"]
    assert len(rows) == len(expected)
    named = [{name: row[name] for name in want} for row, want in zip(rows, expected, strict=True)]

    assert sorted(_plain(named), key=repr) == sorted(_plain(expected), key=repr)


def _plain(rows: list[Row]) -> list[Row]:
    """Numbers as the same decimals, however they were written."""
    return [
        {
            name: Decimal(str(cell)).normalize()
            if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
            else cell
            for name, cell in row.items()
        }
        for row in rows
    ]
