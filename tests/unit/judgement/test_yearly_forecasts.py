"""Forecasts of yearly measures: who gets one, from which year on, by which rule, and why not."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.analysis import simple_rules
from pipelines.judgement.forecasts import shown_first
from pipelines.judgement.made import Basis, Forecast
from pipelines.judgement.measure_forecast import one
from pipelines.judgement.panel_of import LEAST_FOR_MODEL, gathered
from pipelines.judgement.tried import MODEL, Rules
from pipelines.judgement.yearly import Project, forecasts, trial_rows
from tests.unit.judgement.forecast_rows import ENGLAND, grown, marts, yearly

PLANS = "plans_maintained"
AREAS = {"801": "E10000801", "802": "E10000802", "899": "E10000899"}


def project(table: dict[str, list[float | None]]) -> Project:
    measure = gathered(marts(yearly(PLANS, table)), PLANS, "count", "stock")
    models = {MODEL: simple_rules.same_as_last_year}
    return Project.of(measure, Rules.of("relative", models), measure.panel)


def by_code(made: Project) -> dict[str, Forecast]:
    return {forecast.la_code: forecast for forecast in forecasts(made, AREAS, "stock")}


def test_an_authority_with_a_gap_has_no_forecast_and_is_told_which_year_is_lacking() -> None:
    table: dict[str, list[float | None]] = {**grown(40)}
    table["802"][2] = None
    made = by_code(project(table))
    assert made["802"].steps == ()
    assert made["802"].why_not == "No value for January 2021."
    assert made["899"].why_not == "No published figure is held for this authority."
    assert made["801"].why_not is None
    assert [step.period for step in made["801"].steps] == [
        "2026-01",
        "2027-01",
        "2028-01",
        "2029-01",
    ]


def test_a_year_that_one_authority_and_england_have_alone_is_where_its_forecast_starts() -> None:
    table: dict[str, list[float | None]] = {**grown(40)}
    for area in ("801", ENGLAND):
        table[area].append(1.2 * table[area][-1])
    made = by_code(project(table))
    assert (made["801"].origin_period, made["801"].newer_years) == ("2026-01", 1)
    assert [step.period for step in made["801"].steps] == ["2027-01", "2028-01", "2029-01"]
    assert (made["802"].origin_period, made["802"].newer_years) == ("2025-01", 0)


def test_a_newer_year_without_englands_is_not_used() -> None:
    table: dict[str, list[float | None]] = {**grown(40)}
    table["801"].append(1.2 * table["801"][-1])
    assert by_code(project(table))["801"].origin_period == "2025-01"


@pytest.mark.parametrize("count", [LEAST_FOR_MODEL - 1, LEAST_FOR_MODEL])
def test_a_model_is_fitted_from_thirty_authorities_on(count: int) -> None:
    models = {row["forecast_model"] for row in trial_rows(project({**grown(count)}), "stock")}
    assert (MODEL in models) is (count >= LEAST_FOR_MODEL)


def test_a_model_that_does_not_beat_the_simple_rules_is_not_shown() -> None:
    made = project({**grown(40)})
    used = {row["forecast_model"] for row in trial_rows(made, "stock") if row["is_used"]}
    assert MODEL not in used
    steps = by_code(made)["801"].steps
    assert not any(step.is_model for step in steps)
    assert all(step.value_p10 < step.value_p50 < step.value_p90 for step in steps)
    assert (np.diff([step.value_p90 - step.value_p10 for step in steps]) > 0).all()


def test_a_rule_carried_on_from_a_newer_year_adds_only_what_it_foresees_after_it() -> None:
    made = project({**grown(40)})
    panel = made.tested[0].panel
    growth = simple_rules.england_last_growth
    carried = simple_rules.carried_on(growth, 1, "relative")(panel, 2)
    known = panel.until(len(panel.years) - 2)
    expected = panel.values[:, -1] * growth(known, 3) / growth(known, 1)
    np.testing.assert_allclose(carried, expected)


@pytest.mark.parametrize(("lowest", "is_forecast"), [(0.0, True), (-0.1, False)])
def test_a_percentage_that_can_be_below_nought_is_not_forecast(
    lowest: float, is_forecast: bool
) -> None:
    share = {str(801 + row): [40.0 + row + year for year in range(7)] for row in range(6)}
    share[ENGLAND] = [42.0 + year for year in range(7)]
    share["801"][3] = lowest
    held = marts(yearly("mainstream_share", share))
    measure = gathered(held, "mainstream_share", "percent", "stock")
    assert (measure.panel is not None) is is_forecast


def test_of_two_forecasts_the_one_from_rows_comes_first_and_one_without_values_never_does() -> None:
    def made(basis: Basis, kpi: str, is_empty: bool) -> Forecast:
        steps = () if is_empty else by_code(project({**grown(40)}))["801"].steps
        return Forecast(kpi, "801", "E10000801", "stock", basis, steps=steps)

    first = shown_first(
        [
            made("published_totals", "a", is_empty=False),
            made("matched_returns", "a", is_empty=False),
            made("matched_returns", "b", is_empty=True),
            made("published_totals", "b", is_empty=False),
        ]
    )
    assert first == {"matched_returns/a/801/stock", "published_totals/b/801/stock"}


def test_one_measure_of_one_authority_is_forecast_on_demand_as_in_the_build() -> None:
    table = grown(40)
    made = one(marts(yearly(PLANS, table)), PLANS, "801").forecasts
    assert [forecast.id for forecast in made] == ["published_totals/plans_maintained/801/stock"]
    best = Project.of(
        gathered(marts(yearly(PLANS, table)), PLANS, "count", "stock"),
        Rules.of("relative", {}),
        None,
    )
    (expected,) = forecasts(best, {"801": "E10000801"}, "stock")
    assert [step.value_p50 for step in made[0].steps] == [step.value_p50 for step in expected.steps]
