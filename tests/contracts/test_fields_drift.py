"""The field dictionary and the built warehouse say the same, in both directions."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.registry.fields import fields
from pipelines.registry.landing import landing_tables
from pipelines.settings import PROJECT_ROOT

SQL = PROJECT_ROOT / "sql"
FLOORS = ("staging", "core", "kpi", "marts")
COLUMNS = """
    select table_schema || '.' || table_name, column_name, lower(data_type)
    from information_schema.columns
    where list_contains(?, table_schema)
"""

Columns = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def built(sample_warehouse: Path) -> Columns:
    """Table, column and type of everything that a build makes."""
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        found = connection.execute(COLUMNS, [list(FLOORS)]).fetchall()
    assert {row[0].split(".")[0] for row in found} == set(FLOORS)
    assert len(found) > 200
    return found


def _landing() -> Columns:
    tables = landing_tables(SQL)
    found = [(f"landing.{name}", *item) for name, own in tables.items() for item in own.items()]
    assert len(found) > 50
    return found


def test_every_column_has_an_entry(built: Columns) -> None:
    known = fields(SQL)
    unknown = {f"{table}.{name}" for table, name, _ in (*built, *_landing()) if name not in known}
    assert not unknown


def test_every_entry_has_a_column(built: Columns) -> None:
    names = {name for _, name, _ in (*built, *_landing())}
    known = fields(SQL)
    assert len(known) > 100
    assert not set(known) - names


def test_every_column_has_the_type_of_its_entry(built: Columns) -> None:
    known = fields(SQL)
    other = {
        f"{table}.{name} is {kind}, not {known[name].type}"
        for table, name, kind in (*built, *_landing())
        if name in known and kind != known[name].type
    }
    assert not other


def test_no_mart_holds_a_personal_field(built: Columns) -> None:
    known = fields(SQL)
    in_marts = {name for table, name, _ in built if table.startswith("marts.")}
    assert len(in_marts) > 50
    assert not {name for name in in_marts if known[name].is_personal}
