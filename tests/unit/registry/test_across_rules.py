"""Rules across returns: each fires on its faulty examples only, and finds what two returns show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from string import Template
from typing import Any

import duckdb
import pytest

from pipelines.registry.across_rules import across_finding_sql, across_frames, across_rules
from pipelines.registry.house import house_models
from pipelines.registry.landing import landing_tables
from pipelines.registry.record_rule import RecordRule
from pipelines.registry.record_rules import threshold_words
from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT

EXPECTATIONS, SQL = PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql"
RULES = across_rules(EXPECTATIONS)
WORDS = threshold_words(EXPECTATIONS / "rules" / "across" / "thresholds.yml")


@pytest.fixture
def core() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of the warehouse that the frames read, without a row."""
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        for name, columns in columns_by_table(EXPECTATIONS, SQL).items():
            if name.startswith("core."):
                listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
                connection.execute(f"create table {name} ({listed})")
        yield connection


def add(connection: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    names, marks = ", ".join(row), ", ".join("?" for _ in row)
    connection.execute(f"insert into {table} ({names}) values ({marks})", [*row.values()])  # noqa: S608


def found(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """file_id, rule, module, row_number and record_key of every finding."""
    sql = across_finding_sql(EXPECTATIONS, SQL)
    wanted = "file_id, rule, module, row_number, record_key"
    return connection.execute(f"select {wanted} from ({sql}) order by all").fetchall()  # noqa: S608


def cases() -> Iterator[Any]:
    for rule in RULES:
        yield pytest.param(rule, id=f"{rule.id}, {rule.module}")


@pytest.mark.parametrize("rule", list(cases()))
def test_a_rule_fires_on_its_faulty_rows_and_on_no_sound_one(
    core: duckdb.DuckDBPyConnection, rule: RecordRule
) -> None:
    frame = across_frames(EXPECTATIONS, SQL)[rule.frame[0]]
    described = core.execute(f"describe {frame}").fetchall()
    cells = ", ".join(f"cast(? as {kind}) as {name}" for name, kind, *_ in described)
    predicate = Template(rule.predicate).substitute(WORDS)
    sql = f"select count(*) from (select {cells}) as frame_row where {predicate}"  # noqa: S608
    for rows, expected in ((rule.examples.faulty, 1), (rule.examples.sound, 0)):
        for row in rows:
            values = [row.get(name) for name, *_ in described]
            assert core.execute(sql, values).fetchone() == (expected,), row


def test_the_eight_numbered_rules_are_there() -> None:
    assert {rule.id for rule in RULES} == {f"XRT-{number:02d}" for number in range(1, 9)}


def test_the_model_has_the_columns_of_the_findings_that_land() -> None:
    model = house_models(PROJECT_ROOT)["core.across_finding"]
    assert {name.split(".")[0] for name in model.reads} == {"core"}
    suite = columns_by_table(EXPECTATIONS, SQL)["core.across_finding"]
    assert tuple(suite) == tuple(landing_tables(SQL)["record_finding"])


def two_returns(connection: duckdb.DuckDBPyConnection) -> None:
    for year in (2025, 2026):
        file = {"file_id": f"file-{year}", "la_code": "999", "return_kind": "annual"}
        add(connection, "core.case_return", **file, return_year=year, is_newest=True)


def plan(connection: duckdb.DuckDBPyConnection, year: int, pseudonym: str, **more: Any) -> None:
    usual = {"row_number": 7, "person_record": 3, "request_record": 3, "is_in_force": True}
    usual |= {"start_date": date(2021, 5, 4), "is_new_in_period": False}
    usual |= {"is_transferred_in": False, "is_ceased_in_period": False}
    add(
        connection,
        "core.ehc_plan",
        **(usual | {"file_id": f"file-{year}", "pseudonym": pseudonym} | more),
    )


def test_a_plan_that_is_in_both_returns_is_in_order(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    plan(core, 2025, "a")
    plan(core, 2026, "a")
    assert found(core) == []


def test_a_plan_that_drops_out_is_missed(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    for pseudonym in ("a", "b"):
        plan(core, 2025, pseudonym)
    plan(core, 2026, "a")
    assert found(core) == [
        ("file-2026", "XRT-01", "named_plan", None, "last return, person 3"),
        ("file-2026", "XRT-04", "header", None, "return"),
    ]


def test_a_plan_that_ended_is_not_missed(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    plan(core, 2025, "a")
    ended = {"is_in_force": False, "is_ceased_in_period": True, "cease_date": date(2025, 8, 31)}
    plan(core, 2026, "a", **ended)
    assert found(core) == []


def test_a_start_date_that_changed_is_told(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    plan(core, 2025, "a")
    plan(core, 2026, "a", start_date=date(2025, 3, 1))
    assert found(core) == [("file-2026", "XRT-03", "named_plan", 7, "person 3")]


def test_an_ended_plan_that_is_in_force_again_is_told(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    plan(core, 2025, "a", is_in_force=False, cease_date=date(2024, 8, 31))
    plan(core, 2026, "a")
    assert ("file-2026", "XRT-02", "named_plan", 7, "person 3") in found(core)


def test_the_census_is_held_against_the_return(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    plan(core, 2026, "a")
    person = {"file_id": "file-2026", "row_number": 5, "person_record": 3, "pseudonym": "a"}
    add(core, "core.person", **person)
    pupil = {"file_id": "census", "pupil_record": 1, "pseudonym": "a", "la_code": "999"}
    pupil |= {"census_term": "SPR", "census_year": 2026, "is_counted": True, "sen_provision": "K"}
    add(core, "core.census_pupil", **pupil)
    assert ("file-2026", "XRT-06", "person", 5, "person 3") in found(core)
    core.execute("update core.census_pupil set sen_provision = 'E'")
    assert "XRT-06" not in {rule for _, rule, *_ in found(core)}
