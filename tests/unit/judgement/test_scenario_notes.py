"""What is said of a scenario whose model past returns did not bear out."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, cast

import duckdb

from pipelines.judgement import cohort_forecast
from pipelines.judgement.caseload import MAINSTREAM, PLANS
from pipelines.judgement.scenarios import beaten_notes, scenario_rows
from pipelines.judgement.tried import ENGLAND_GROWTH
from pipelines.judgement.yardstick import Yardstick
from tests.unit.judgement.test_cohort_forecast import NO_PANEL, cohort

SCENARIO = """
la_code: "801"
scenarios:
  - id: inclusive
    title: More new plans in mainstream
    actions:
      - kind: new_plan_share
        title: Four in five
        starts_on: 2026-01-01
        value: 80
        setting: mainstream
        is_assumption: true
        why: A size for this test alone.
"""
PARTS_A_YEAR = 4
BOTH = (PLANS, MAINSTREAM)


def trials() -> list[dict[str, Any]]:
    """Rows of marts.forecast_test: plans grow as England does, which beats the model."""
    made = cohort(2022, 2023, 2024, 2025, growth=0.5)
    own = {item.year: float(len(item.child)) for item in made.returns}
    rule = Yardstick(ENGLAND_GROWTH, None, own, {})
    return list(cohort_forecast.trial_rows(made, {**NO_PANEL, PLANS: rule}))


def used(tests: list[dict[str, Any]], kpi: str) -> str:
    (name,) = {row["forecast_model"] for row in tests if row["kpi"] == kpi and row["is_used"]}
    return str(name)


def test_a_beaten_measure_is_named_with_the_rule_that_beat_it_and_no_other() -> None:
    tests = trials()
    assert used(tests, PLANS) == ENGLAND_GROWTH
    notes = beaten_notes(tests, "801")
    expected = {
        kpi for kpi in cohort_forecast.MEASURES if used(tests, kpi) != cohort_forecast.MODEL
    }
    assert set(notes) == expected
    assert f"no better than a simple rule ({ENGLAND_GROWTH})" in notes[PLANS]
    assert "not where the number will be" in notes[PLANS]


def test_a_model_that_won_or_was_never_tested_has_no_note() -> None:
    tests = trials()
    for row in tests:
        row["is_used"] = row["is_model"]
    assert beaten_notes(tests, "801") == {}
    assert beaten_notes([], "801") == {}


def test_another_authority_and_another_basis_say_nothing_of_this_one() -> None:
    tests = trials()
    assert beaten_notes(tests, "802") == {}
    totals = [row | {"forecast_basis": "published_totals", "tested_on": "all"} for row in tests]
    assert beaten_notes(totals, "801") == {}


def test_every_row_of_a_beaten_measure_carries_the_note(tmp_path: Path) -> None:
    folder = tmp_path / "801"
    folder.mkdir()
    (folder / "scenarios.yml").write_text(SCENARIO, encoding="utf-8")
    tests = [
        {
            "forecast_basis": "matched_returns",
            "tested_on": "801",
            "kpi": kpi,
            "forecast_model": name,
            "is_model": name == cohort_forecast.MODEL,
            "is_used": is_used,
        }
        for kpi, name, is_used in [
            (PLANS, cohort_forecast.MODEL, False),
            (PLANS, ENGLAND_GROWTH, True),
            (MAINSTREAM, cohort_forecast.MODEL, True),
            (MAINSTREAM, ENGLAND_GROWTH, False),
        ]
    ]
    children = cohort(2024, 2025)
    years = len(children.projection.years) - 1
    with duckdb.connect() as connection:
        made = scenario_rows(
            connection, folder, cast("Any", None), children, {"801": "E10000801"}, tests
        )
        # Its declared actions come first; what it would take reads tables that are not here.
        rows = list(islice(made, 2 * years * PARTS_A_YEAR))
    notes = {kpi: {row["forecast_note"] for row in rows if row["kpi"] == kpi} for kpi in BOTH}
    assert notes == {PLANS: {beaten_notes(tests, "801")[PLANS]}, MAINSTREAM: {None}}
