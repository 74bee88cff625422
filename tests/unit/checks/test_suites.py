"""Suites are strict when read; when run they count faults and never show a value."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.checks.suites import CheckResult, blocking, run_full_suite, run_suites
from pipelines.errors import FailedCheckError, RegistryError, SendError
from pipelines.registry.suite import FullSuite
from pipelines.registry.suites import columns_by_table, suites

FIELDS = """
area_code: {type: varchar, meaning: Code of the area.}
area_kind: {type: varchar, meaning: Level of the area., codes: {nation: England, region: a region}}
plans: {type: bigint, meaning: Number of plans., nullable: true}
"""
SUITE = """
table: core.area
about: An area, for these tests.
columns: [area_code, area_kind, plans]
key: [area_code]
checks:
  - id: plans_not_negative
    severity: warning
    about: Areas with fewer plans than none.
    type: expect_column_values_to_be_between
    kwargs: {column: plans, min_value: 0}
"""
LARGE = """
table: core.area
about: An area, for these tests.
columns: [area_code, area_kind, plans]
key: [area_code]
is_large: true
"""
LARGE_SQL = """
with final as (
    select
        count(*) as row_count,
        count(*) filter (where area_code is null) as empty_area_code,
        count(*) filter (where area_kind is null) as empty_area_kind,
        count(*) filter (
            where area_kind not in (select unnest($codes_area_kind))
        ) as unknown_area_kind,
        count(*) - count(distinct area_code) as duplicate_keys
    from core.area
)

select * from final
"""
CANARY = "Zebra-4711"

Read = Callable[..., FullSuite]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A suite of core.area, read from a house with nothing else in it."""

    def from_text(yml: str, sql: str = "", name: str = "core.area") -> FullSuite:
        (tmp_path / "sql" / "core").mkdir(parents=True, exist_ok=True)
        (tmp_path / "sql" / "core" / "area.sql").write_text("select 1", encoding="utf-8")
        (tmp_path / "sql" / "fields.yml").write_text(FIELDS, encoding="utf-8")
        folder = tmp_path / "expectations" / "suites"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yml").write_text(yml, encoding="utf-8")
        if sql:
            (folder / f"{name}.sql").write_text(sql, encoding="utf-8")
        return suites(tmp_path / "expectations", tmp_path / "sql")["core.area"]

    return from_text


@pytest.fixture
def judged(read: Read) -> Callable[..., dict[str, CheckResult]]:
    """The results of a suite over rows of core.area, by check."""

    def over(
        rows: list[tuple[Any, ...]], yml: str = SUITE, sql: str = ""
    ) -> dict[str, CheckResult]:
        full = read(yml, sql)
        with duckdb.connect() as connection:
            connection.execute("create schema core")
            connection.execute(
                "create table core.area (area_code varchar, area_kind varchar, plans bigint)"
            )
            for row in rows:
                connection.execute("insert into core.area values (?, ?, ?)", list(row))
            results = run_full_suite(connection, full)
        assert len(results) > len(full.checks) + len(full.metrics)
        return {result.check: result for result in results}

    return over


def _failed(results: dict[str, CheckResult]) -> dict[str, int]:
    return {name: item.failed_count for name, item in results.items() if not item.passed}


@pytest.mark.parametrize(("yml", "sql"), [(SUITE, ""), (LARGE, LARGE_SQL)])
def test_good_rows_pass_every_check(judged: Any, yml: str, sql: str) -> None:
    results = judged([("E1", "nation", 0), ("E2", "region", None)], yml, sql)
    assert not _failed(results)
    assert {item.row_count for item in results.values()} == {2}


def test_derived_and_written_checks_count_the_rows_at_fault(judged: Any) -> None:
    rows = [("E1", "nation", -1), ("E1", "town", -2), (None, None, 1)]
    assert _failed(judged(rows)) == {
        "area_code_present": 1,
        "area_kind_present": 1,
        "area_kind_known": 1,
        "key_unique": 2,
        "plans_not_negative": 2,
    }


def test_a_large_table_is_judged_by_its_metrics(judged: Any) -> None:
    rows = [("E1", "nation", 1), ("E1", "town", 1), ("E2", None, 1)]
    assert _failed(judged(rows, LARGE, LARGE_SQL)) == {
        "empty_area_kind": 1,
        "unknown_area_kind": 1,
        "duplicate_keys": 1,
    }


def test_a_derived_select_finds_what_a_written_one_finds(
    judged: Callable[..., dict[str, CheckResult]],
) -> None:
    rows = [("E1", "nation", 1), ("E1", "nation", 2), (None, "nation", 3), ("E2", "town", 4)]
    assert _failed(judged(rows, LARGE, "")) == {
        "empty_area_code": 1,
        "unknown_area_kind": 1,
        "duplicate_keys": 1,
    }


def test_a_table_without_rows_has_nothing_at_fault(
    judged: Callable[..., dict[str, CheckResult]],
) -> None:
    results = judged([], LARGE, "")
    assert len(results) == 5
    assert all(result.passed for result in results.values())


def test_a_metric_that_is_empty_fails(judged: Any) -> None:
    sql = LARGE_SQL.replace("count(*) - count(distinct area_code)", "cast(null as bigint)")
    assert _failed(judged([("E1", "nation", 1)], LARGE, sql)) == {"duplicate_keys": 1}


def test_only_critical_failures_block(judged: Any) -> None:
    results = judged([("E1", "town", -1)]).values()
    assert [item.check for item in blocking(results)] == ["area_kind_known"]


def test_no_cell_value_enters_a_result(judged: Any) -> None:
    results = judged([(CANARY, CANARY, -4711), (CANARY, CANARY, -4711)])
    assert len(_failed(results)) == 3
    assert "4711" not in repr(results)


def test_another_type_or_column_is_found_before_any_row_is_read(read: Read) -> None:
    full = read(SUITE)
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute("create table core.area (area_code varchar, area_kind bigint)")
        (result,) = run_full_suite(connection, full)
    assert not result.passed
    assert result.failed_count == 2
    assert "area_kind, plans" in result.message


def test_an_expectation_that_does_not_exist_is_not_lost(judged: Any) -> None:
    yml = SUITE.replace("expect_column_values_to_be_between", "expect_column_values_to_be_nice")
    with pytest.raises(FailedCheckError, match="not run: plans_not_negative"):
        judged([("E1", "nation", 1)], yml)


def test_an_expectation_that_breaks_is_an_error_and_no_verdict(judged: Any) -> None:
    yml = SUITE.replace("min_value: 0}", "min_value: abc}")
    with pytest.raises((FailedCheckError, ValueError, TypeError)):
        judged([("E1", "nation", 1)], yml)


def test_running_sends_nothing_home(judged: Any) -> None:
    judged([("E1", "nation", 1)])
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("severity: warning", "severity: fatal"), "severity"),
        (("checks:", "cheks:"), "did you mean 'checks'"),
        (("column: plans", "column: plns"), "did you mean 'plans'"),
        (("key: [area_code]", "key: [area_cod]"), "did you mean 'area_code'"),
        (("area_kind, plans]", "area_kind, plan]"), "did you mean 'plans'"),
        (("id: plans_not_negative", "id: key_unique"), "written twice: key_unique"),
        (("area_kind, plans]", "area_kind, plans, plans]"), "columns written twice: plans"),
    ],
)
def test_a_suite_that_names_what_does_not_exist_is_refused(
    read: Read, change: tuple[str, str], said: str
) -> None:
    assert change[0] in SUITE
    with pytest.raises(RegistryError, match=said):
        read(SUITE.replace(*change))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (LARGE_SQL.replace("from core.area", "from core.aera"), "did you mean 'core.area'"),
        (LARGE_SQL.replace("(where area_code is", "(where area_cod is"), "does not exist"),
        (LARGE_SQL.replace("as duplicate_keys", "as duplicates"), "yml only: duplicate_keys"),
        (LARGE_SQL.replace("$codes_area_kind", "$codes_area_kin"), "did you mean 'area_kind'"),
        (LARGE_SQL.replace("select", "selct"), "not readable as SQL"),
    ],
)
def test_metrics_that_name_what_does_not_exist_are_refused(read: Read, sql: str, said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        read(LARGE, sql)


def test_who_asks_for_columns_does_not_wait_for_metrics(read: Read, tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        read(LARGE, LARGE_SQL.replace("select", "selct"))
    columns = columns_by_table(tmp_path / "expectations", tmp_path / "sql")
    assert "area_kind" in columns["core.area"]


def test_a_written_metric_without_its_select_is_refused(read: Read) -> None:
    metric = "metrics:\n  - {id: lost, severity: critical, about: Rows that were lost.}\n"
    with pytest.raises(RegistryError, match="yml only: lost"):
        read(LARGE + metric, "")


def test_a_suite_without_its_table_is_refused(read: Read) -> None:
    with pytest.raises(RegistryError, match=r"did you mean 'core\.area'"):
        read(SUITE.replace("core.area", "core.aera"), name="core.aera")


def test_a_suite_in_a_file_of_another_name_is_refused(read: Read) -> None:
    with pytest.raises(RegistryError, match="The path is the name"):
        read(SUITE, name="core.region")


def test_a_table_without_a_suite_is_named_with_the_nearest() -> None:
    said = r"did you mean 'core\.area'"
    with duckdb.connect() as connection, pytest.raises(SendError, match=said):
        run_suites(connection, ["core.aera"])


def test_a_table_that_is_not_there_is_an_error_for_a_reader() -> None:
    with duckdb.connect() as connection, pytest.raises(SendError, match="core"):
        run_suites(connection, ["core.area"])


def test_a_view_is_checked_like_a_table(read: Read) -> None:
    full = read(SUITE)
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(
            "create view core.area as "
            "select 'E1' as area_code, 'nation' as area_kind, cast(-1 as bigint) as plans"
        )
        results = run_full_suite(connection, full)
    assert [item.check for item in results if not item.passed] == ["plans_not_negative"]
