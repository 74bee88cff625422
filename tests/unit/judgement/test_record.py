"""The record of forecasts that were made: by measure, of one authority, only what has come."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from pipelines.judgement.record import record
from tests.unit.judgement.queue_rows import fill

RANGE = {
    "stated_kind": "range",
    "kpi": "mainstream_share",
    "la_code": "860",
    "value_p10": 30,
    "value_p50": 34,
    "value_p90": 38,
    "origin_value": 32,
    "actual_value": 36,
}
CHANCE = {"stated_kind": "chance", "kpi": "overdue_cases", "la_code": "860"}


def held(*rows: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    fill(connection, "marts.forecast_score", rows)
    return connection


def test_ranges_are_scored_against_what_came_and_against_no_change() -> None:
    rows = [RANGE, RANGE | {"actual_value": 38.1}, RANGE | {"actual_value": None}]
    (made,) = record(held(*rows), ["mainstream_share"], "860")
    assert made["ranges"]["count"] == 2
    assert made["ranges"]["signed_error"] == pytest.approx(-3.05)
    assert made["ranges"]["against_naive"] == pytest.approx(6.1 / 10.1)
    assert made["ranges"]["coverage_pct"] == 50
    assert made["chances"]["count"] == 0


def test_the_chances_that_docs_methods_works_through_earn_018() -> None:
    stated = [(0.9, True), (0.7, False), (0.2, False), (0.5, None)]
    rows = [CHANCE | {"chance": said, "has_happened": came} for said, came in stated]
    (made,) = record(held(*rows), ["overdue_cases"], "860")
    assert made["chances"]["count"] == 3
    assert made["chances"]["brier"] == pytest.approx(0.18)


def test_other_authorities_and_measures_are_left_out() -> None:
    connection = held(RANGE | {"la_code": "861"}, RANGE | {"kpi": "plans_maintained"})
    made = record(connection, ["mainstream_share", "plans_maintained"], "860")
    assert [(item["kpi"], item["ranges"]["count"]) for item in made] == [
        ("mainstream_share", 0),
        ("plans_maintained", 1),
    ]
