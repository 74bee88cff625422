"""The forecasts that a build makes from the DfE's releases: who gets one, by what, how well tested.

The analysis is tested on the published files themselves in test_backtest_real.py; here it is what
stands in the marts, after the way through the house.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.analysis.simple_rules import PLANS_RULES, SHARE_RULES
from pipelines.judgement.forecasts import tables
from pipelines.judgement.make import Inputs
from pipelines.settings import PROJECT_ROOT

pytestmark = pytest.mark.real

PLANS, SHARE = "plans_maintained", "mainstream_share"
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ask(real_warehouse: Path) -> Ask:
    """Questions to the judged tables, made anew from the marts of the real workspace."""
    inputs = Inputs(PROJECT_ROOT, PROJECT_ROOT / "data" / "councils" / "860")
    with duckdb.connect(str(real_warehouse), read_only=True) as warehouse:
        made = tables(warehouse, inputs)
    connection = duckdb.connect()
    for name, table in made.items():
        connection.register(name.removeprefix("marts."), table)
    return lambda question, *values: connection.execute(question, values).fetchall()


@pytest.mark.parametrize(("kpi", "count"), [(PLANS, 147), (SHARE, 143)])
def test_every_authority_with_a_full_series_is_projected_to_2029(
    ask: Ask, kpi: str, count: int
) -> None:
    reached = ask(
        "select last from (select la_code, max(period) as last from forecast_value "
        "where kpi = ? and forecast like 'published_totals%' group by la_code)",
        kpi,
    )
    assert len(reached) == count
    assert {period for (period,) in reached} == {"2029-01"}


def test_every_other_authority_says_why_not(ask: Ask) -> None:
    others = ask(
        "select la_code, why_not from forecast where forecast_basis = 'published_totals' "
        "and kpi = ? and forecast not in (select forecast from forecast_value)",
        SHARE,
    )
    assert len(others) == 153 - 143
    assert all(str(why).startswith("No value for January") for _, why in others)


@pytest.mark.parametrize("kpi", [PLANS, SHARE])
def test_the_model_is_shown_because_it_beats_every_simple_rule(ask: Ask, kpi: str) -> None:
    rules = PLANS_RULES if kpi == PLANS else SHARE_RULES
    compared = 0
    for ahead in (1, 2, 3):
        errors = dict(
            ask(
                "select forecast_model, mean_absolute_error from forecast_test "
                "where kpi = ? and ahead = ? and newer_year_count = 0 "
                "and not is_against_england and tested_on = 'all'",
                kpi,
                ahead,
            )
        )
        assert {*rules, "the model", "exponential smoothing (ETS)"} == set(errors)
        assert errors["the model"] == min(errors.values())
        compared += len(errors)
    assert compared == 3 * (len(rules) + 2)


def test_the_ranges_of_plans_and_mainstream_share_hold_75_to_85_per_cent(ask: Ask) -> None:
    held = ask(
        "select kpi, newer_year_count, ahead, coverage_pct from forecast_test "
        "where kpi in (?, ?) and is_used and not is_against_england "
        "and coverage_pct is not null and tested_on = 'all'",
        PLANS,
        SHARE,
    )
    assert len(held) == 2 * (3 + 2)
    assert [row for row in held if not 75 <= row[3] <= 85] == []


def test_a_range_that_is_not_to_be_relied_on_says_so(ask: Ask) -> None:
    unreliable = ask(
        "select distinct kpi from forecast_test where is_used and newer_year_count = 0 "
        "and not is_against_england and (coverage_pct < 75 or coverage_pct > 85)"
    )
    assert unreliable
    for (kpi,) in unreliable:
        notes = ask(
            "select forecast_note from forecast where kpi = ? and newer_year_count = 0 "
            "and why_not is null",
            kpi,
        )
        assert all("not to be relied on" in note for (note,) in notes)


def test_staffordshires_forecast_starts_from_its_figures_of_2026_as_docs_methods_says(
    ask: Ask,
) -> None:
    methods = (PROJECT_ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    text = " ".join(methods.split())
    told = {
        kpi: ask(
            "select value_p50, value_p10, value_p90 from forecast_value "
            "where kpi = ? and la_code = '860' and period = '2029-01'",
            kpi,
        )[0]
        for kpi in (PLANS, SHARE)
    }
    middle, low, high = told[PLANS]
    assert f"gives {middle:,.0f} in January 2029 ({low:,.0f} to {high:,.0f})" in text
    middle, low, high = told[SHARE]
    assert f"{middle:.1f}% of them in mainstream schools ({low:.1f}% to {high:.1f}%)" in text


def test_the_milestone_at_englands_level_has_a_chance_from_the_distance(ask: Ask) -> None:
    ((chance,),) = ask(
        "select chance from forecast_chance where milestone = 'mainstream-as-england' "
        "and plan_version = 'current'"
    )
    assert 0 < chance < 0.2


def test_what_it_would_take_is_answered_for_most_authorities_from_totals(ask: Ask) -> None:
    answers = ask(
        "select la_code, period, value_p50, why_not from scenario where scenario = 'needed-share'"
    )
    assert len({row[0] for row in answers}) > 120
    assert all((row[2] is None) == (row[3] is not None) for row in answers)
    own = {period: needed for code, period, needed, _ in answers if code == "860"}
    assert own["2027-01"] is None
    assert 90 < own["2029-01"] < 100
