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


def person(connection: duckdb.DuckDBPyConnection, **more: Any) -> None:
    usual = {"file_id": "file-2026", "row_number": 5, "person_record": 3, "pseudonym": "a"}
    add(connection, "core.person", **(usual | more))


def pupil(connection: duckdb.DuckDBPyConnection, **more: Any) -> None:
    """A pupil on roll in the January census of 2026."""
    usual = {"file_id": "census", "row_number": 12, "pupil_record": 1, "pseudonym": "a"}
    usual |= {"la_code": "999", "urn": "900001", "census_term": "SPR", "census_year": 2026}
    add(
        connection,
        "core.census_pupil",
        **(usual | {"is_counted": True, "sen_provision": "E"} | more),
    )


def test_the_census_is_held_against_the_return(core: duckdb.DuckDBPyConnection) -> None:
    two_returns(core)
    plan(core, 2026, "a")
    person(core)
    pupil(core, sen_provision="K")
    assert found(core) == [("file-2026", "XRT-06", "person", 5, "person 3")]
    core.execute("update core.census_pupil set sen_provision = 'E'")
    assert found(core) == []


def test_a_person_whose_plan_has_ended_is_not_one_with_a_plan_in_the_census(
    core: duckdb.DuckDBPyConnection,
) -> None:
    two_returns(core)
    plan(core, 2026, "a", is_in_force=False)
    person(core)
    pupil(core)
    assert found(core) == [("file-2026", "XRT-06", "person", 5, "person 3")]


@pytest.mark.parametrize(
    "more",
    [
        *({"sen_provision": "K"}, {"is_counted": False}, {"pseudonym": None}),
        *({"census_term": "SUM"}, {"census_year": 2025}, {"la_code": "330"}),
        {"home_la_code": "330"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_plan_in_the_census_of_nobody_in_the_return_is_told(
    core: duckdb.DuckDBPyConnection, more: dict[str, Any]
) -> None:
    two_returns(core)
    person(core, file_id="file-2025")
    pupil(core, home_la_code="999")
    missed = ("file-2026", "XRT-06", "named_plan", None, "census, pupil in row 12")
    assert found(core) == [missed]
    core.execute("delete from core.census_pupil")
    pupil(core, **more)
    assert missed not in found(core)


def refused(connection: duckdb.DuckDBPyConnection, outcomes: dict[int, dict[str, Any]]) -> None:
    """One child's request of one day in two returns, with what came of it in each."""
    two_returns(connection)
    child = {"row_number": 7, "person_record": 3, "request_record": 4, "pseudonym": "a"}
    for year, said in outcomes.items():
        usual = child | {"file_id": f"file-{year}", "received_date": date(2024, 3, 1)}
        flags = {"has_request_mediation": False, "has_request_tribunal": False}
        names = ("received_date", "request_outcome", *flags)
        request = flags | {name: said[name] for name in names if name in said}
        add(connection, "core.request", **(usual | request))
        if "assessment_outcome" in said:
            rest = {name: said[name] for name in said if name not in names}
            usual = {name: cell for name, cell in usual.items() if name != "received_date"}
            flags = {"has_assessment_mediation": False, "has_assessment_tribunal": False}
            add(connection, "core.assessment", **(usual | {"row_number": 8} | flags | rest))


@pytest.mark.parametrize(
    ("later", "is_told"),
    [
        ({"request_outcome": "Y"}, True),
        ({"request_outcome": "N"}, False),
        ({"request_outcome": "Y", "has_request_mediation": True}, False),
        ({"request_outcome": "Y", "has_request_tribunal": True}, False),
        ({"request_outcome": "Y", "received_date": date(2025, 6, 2)}, False),
    ],
    ids=["overwritten", "kept", "mediation", "tribunal", "another_request"],
)
def test_a_refused_request_that_was_overwritten_is_told(
    core: duckdb.DuckDBPyConnection, later: dict[str, Any], is_told: bool
) -> None:
    refused(core, {2025: {"request_outcome": "N"}, 2026: later})
    told = ("file-2026", "XRT-05", "request", 7, "person 3")
    assert found(core) == ([told] if is_told else [])


@pytest.mark.parametrize(
    ("later", "is_told"),
    [
        ({"assessment_outcome": "Y"}, True),
        ({"assessment_outcome": "N"}, False),
        ({"assessment_outcome": "Y", "has_assessment_tribunal": True}, False),
        ({"assessment_outcome": "Y", "has_request_mediation": True}, False),
    ],
    ids=["overwritten", "kept", "tribunal", "mediation_over_the_request"],
)
def test_a_refused_plan_that_was_overwritten_is_told(
    core: duckdb.DuckDBPyConnection, later: dict[str, Any], is_told: bool
) -> None:
    went_ahead = {"request_outcome": "Y"}
    refused(
        core,
        {2025: went_ahead | {"assessment_outcome": "N"}, 2026: went_ahead | later},
    )
    told = ("file-2026", "XRT-05", "assessment", 8, "person 3")
    assert found(core) == ([told] if is_told else [])


@pytest.mark.parametrize(
    ("needs", "is_told"),
    [
        ([("ASD", "1")], False),
        ([("SLCN", "1"), ("ASD", "2")], True),
        ([("ASD", "1"), ("SLCN", "2")], False),
        ([("SLCN", "2")], False),
    ],
    ids=["same", "other", "second_need_differs", "no_main_need"],
)
def test_another_main_need_in_the_census_is_told(
    core: duckdb.DuckDBPyConnection, needs: list[tuple[str, str]], is_told: bool
) -> None:
    two_returns(core)
    plan(core, 2026, "a")
    person(core)
    pupil(core)
    need = {"file_id": "file-2026", "request_record": 3, "pseudonym": "a"}
    add(core, "core.sen_need", **need, row_number=9, sen_type="ASD", is_primary=True)
    add(core, "core.sen_need", **need, row_number=10, sen_type="MLD", is_primary=False)
    of_census = {"file_id": "census", "pupil_record": 1, "pseudonym": "a"}
    for sen_type, rank in needs:
        add(core, "core.census_need", **of_census, sen_type=sen_type, sen_type_rank=rank)
    told = ("file-2026", "XRT-07", "sen_need", 9, "person 3")
    assert found(core) == ([told] if is_told else [])


FLAGS = ("is_sen_unit", "is_resourced_provision")


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize(
    ("placed", "is_told"),
    [
        ({}, True),
        ({"urn": "900002"}, False),
        ({"is_counted": False}, False),
        ({"placement_kind": "named"}, False),
    ],
    ids=["same_school", "another_school", "not_counted", "named_only"],
)
def test_a_unit_or_resourced_place_that_only_one_of_the_two_knows_is_told(
    core: duckdb.DuckDBPyConnection, flag: str, placed: dict[str, Any], is_told: bool
) -> None:
    two_returns(core)
    plan(core, 2026, "a")
    person(core)
    neither = dict.fromkeys(FLAGS, False)
    pupil(core, **(neither | {flag: True}))
    place = {"file_id": "file-2026", "row_number": 11, "request_record": 3, "urn": "900001"}
    place |= {"placement_kind": "attended", "is_counted": True}
    add(core, "core.placement", **(place | neither | placed))
    told = ("file-2026", "XRT-08", "placement_detail", 11, "person 3")
    assert found(core) == ([told] if is_told else [])
    core.execute("update core.census_pupil set is_sen_unit = false, is_resourced_provision = false")
    assert found(core) == []
