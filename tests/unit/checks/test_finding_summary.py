"""A declared defect and the rule that finds the same rows are told once, and nothing is lost."""

from __future__ import annotations

import duckdb
import pytest

from tests.unit.checks.conftest import SQL, Insert

DECLARED = {"rule": "negative_no_outcome", "severity": "warning", "file_id": "f1"}
DECLARED |= {"column_name": "no_outcome", "row_count": 182, "message": "It is negative."}
RULE = {"rule": "PUB-01", "title": "A count is below zero", "severity": "warning", "file_id": "f1"}
RULE |= {"indicator": "no_outcome", "row_count": 182, "area_count": 13, "message": "Below zero."}
RULE |= {"declared_as": "negative_reviews_outstanding, negative_no_outcome"}


@pytest.mark.parametrize(
    ("changed", "is_declared"),
    [
        ({}, True),
        ({"row_count": 728, "area_count": 182}, True),
        ({"row_count": 183}, False),
        ({"file_id": "f2"}, False),
        ({"declared_as": "totals_only_2024"}, False),
        ({"declared_as": ""}, False),
    ],
)
def test_a_rule_is_silent_where_the_door_said_the_same(
    empty_warehouse: duckdb.DuckDBPyConnection,
    insert: Insert,
    changed: dict[str, object],
    is_declared: bool,
) -> None:
    insert("core.finding", [DECLARED])
    insert("core.rule_finding", [RULE | changed])
    sql = (SQL / "marts" / "finding_summary.sql").read_text(encoding="utf-8")
    relation = empty_warehouse.sql(sql)
    rows = relation.project("found_by, title, is_declared").order("found_by").fetchall()
    assert rows == [("door", None, False), ("rule", RULE["title"], is_declared)]
