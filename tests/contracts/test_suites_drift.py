"""Tables of landing, core and marts have suites, suites have tables, and the sample passes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import CheckResult, blocking, run_suites
from pipelines.registry.suites import suites
from pipelines.settings import PROJECT_ROOT

EXPECTATIONS = PROJECT_ROOT / "expectations"
SQL = PROJECT_ROOT / "sql"
TABLES = """
    select table_schema || '.' || table_name
    from information_schema.tables
    where list_contains(['landing', 'staging', 'core', 'kpi', 'marts'], table_schema)
"""


@pytest.fixture(scope="module")
def tables(sample_warehouse: Path) -> set[str]:
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        return {name for (name,) in connection.execute(TABLES).fetchall()}


@pytest.fixture(scope="module")
def results(sample_warehouse: Path) -> list[CheckResult]:
    with duckdb.connect(str(sample_warehouse), read_only=True) as connection:
        return run_suites(connection)


def test_every_table_of_landing_core_and_marts_has_a_suite(tables: set[str]) -> None:
    expected = {name for name in tables if name.split(".")[0] in {"landing", "core", "marts"}}
    assert len(expected) >= 90
    assert not expected - set(suites(EXPECTATIONS, SQL))


def test_every_suite_has_its_table(tables: set[str]) -> None:
    known = set(suites(EXPECTATIONS, SQL))
    assert known
    assert not known - tables


def test_every_check_of_every_suite_was_run(results: list[CheckResult]) -> None:
    asked = {
        (name, item.id)
        for name, full in suites(EXPECTATIONS, SQL).items()
        for item in (*full.checks, *full.metrics)
    }
    assert len(asked) > 200
    assert asked - {(item.table, item.check) for item in results} == set()


def test_nothing_in_the_sample_stops_a_release(results: list[CheckResult]) -> None:
    assert {item.severity for item in results} == {"critical", "warning"}
    assert blocking(results) == []
