"""The weeks of the queue have worked examples (tests/examples/queue/*.yml): cases in, weeks out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT

SQL = PROJECT_ROOT / "sql"
EXAMPLES = Path(__file__).parent / "queue" / "queue_week.yml"
RETURNS = {
    "annual": ("annual", date(2026, 1, 15), date(2025, 12, 31)),
    "september": ("in_year", date(2025, 9, 30), date(2025, 9, 30)),
    "october": ("in_year", date(2025, 10, 31), date(2025, 10, 31)),
}
FIRST_DAY = date(2025, 1, 1)
COUNTS = (
    *("joined_agreed", "joined_undecided", "not_joined"),
    *("finished_count", "late_count", "left_count"),
)

Row = dict[str, Any]


def _examples() -> list[Row]:
    found: list[Row] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))["examples"]
    return found


def _return_row(name: str) -> Row:
    kind, day, last_day = RETURNS[name]
    return {
        "file_id": name,
        "la_code": "999",
        "return_kind": kind,
        "return_year": 2026,
        "reference_date": day,
        "activity_start": FIRST_DAY,
        "activity_end": last_day,
        "is_newest": True,
    }


def _request_row(number: int, case: Row, name: str) -> Row:
    is_in_period = FIRST_DAY <= case["received"] <= RETURNS[name][2]
    return {
        "file_id": name,
        "request_record": number,
        "pseudonym": f"child of {case['received']}",
        "received_date": case["received"],
        "request_outcome": case["request"],
        "exported_la_code": case.get("exported"),
        "has_request_mediation": case.get("mediation", False),
        "has_request_tribunal": False,
        "is_received_in_period": is_in_period and case["request"] != "H",
    }


def _assessment_row(number: int, case: Row, name: str) -> Row:
    finished = case.get("finished")
    results = {"Y": "issued", "N": "refused"} if finished else {}
    return {
        "file_id": name,
        "request_record": number,
        "assessment_outcome": case["assessment"],
        "assessment_outcome_date": finished,
        "assessment_result": results.get(case["assessment"]),
        "has_week20_exception": case.get("exception", False),
        "has_assessment_mediation": False,
        "has_assessment_tribunal": case.get("tribunal", False),
    }


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    columns = columns_by_table(PROJECT_ROOT / "expectations", SQL)[table]
    spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table {table} ({spelled})")
    for row in rows:
        connection.table(table).insert([row.get(name) for name in columns])


def _weeks(example: Row) -> list[Row]:
    """core.queue_week as the model makes it of one example."""
    placed = [
        (number, case, name) for number, case in enumerate(example["cases"]) for name in case["in"]
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        _fill(connection, "core.case_return", [_return_row(name) for name in example["returns"]])
        _fill(connection, "core.request", [_request_row(*item) for item in placed])
        assessed = [item for item in placed if "assessment" in item[1]]
        _fill(connection, "core.assessment", [_assessment_row(*item) for item in assessed])
        clock = (SQL / "core" / "clock.sql").read_text(encoding="utf-8")
        connection.execute(f"create table core.clock as {clock}")
        text = (SQL / "core" / "queue_week.sql").read_text(encoding="utf-8")
        found = connection.sql(text)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("example", _examples(), ids=lambda example: example["it"])
def test_the_cases_given_lead_to_the_weeks(example: Row) -> None:
    weeks = _weeks(example)
    counted = {week["week"]: {name: week[name] for name in COUNTS if week[name]} for week in weeks}
    assert {week: counts for week, counts in counted.items() if counts} == example["expect"]
    spread = Decimal(str(example.get("spread", 0)))
    assert {week["left_estimated"] for week in weeks} == {spread}
    assert {week["is_estimated"] for week in weeks} == {bool(spread)}
    if "last_week" in example:
        assert weeks[-1]["week"] == example["last_week"]


@pytest.mark.parametrize(
    ("returns", "first_week", "last_week", "count"),
    [
        (["annual"], "2025-W02", "2025-W52", 51),
        (["september"], "2025-W02", "2025-W39", 38),
    ],
    ids=["a return", "an extract"],
)
def test_every_whole_week_has_a_row_though_nothing_happened(
    returns: list[str], first_week: str, last_week: str, count: int
) -> None:
    weeks = _weeks({"returns": returns, "cases": []})
    assert (weeks[0]["week"], weeks[-1]["week"], len(weeks)) == (first_week, last_week, count)
    assert [week["week_start"].weekday() for week in weeks] == [0] * count
