"""The cohort model on a council's returns: when it is shown, and what stands in its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
import pytest

from pipelines.judgement import cohort_forecast
from pipelines.judgement.caseload import MAINSTREAM, PLANS
from pipelines.judgement.cohort_of import Cohort, cohort_of
from pipelines.judgement.panel_of import gathered
from pipelines.judgement.scenarios import as_action
from pipelines.judgement.tried import ENGLAND_GROWTH, NAIVE, Rules
from pipelines.judgement.yardstick import Yardstick
from pipelines.judgement.yearly import Project
from pipelines.registry.scenarios import ScenarioAction
from tests.unit.judgement.forecast_rows import ENGLAND, Row, grown, marts, yearly
from tests.unit.judgement.queue_rows import fill

NONE = Yardstick(NAIVE, None, {}, {})
NO_PANEL = {PLANS: NONE, MAINSTREAM: NONE, "special_share": NONE}


def returns(*years: int, growth: float = 0.1) -> list[Row]:
    """Children who stay, and more who join each year; new ones mostly in mainstream schools."""
    generator = np.random.default_rng(3)
    rows, children, count = [], [], 0
    for year in years:
        children = [(name, need, place, group + 1) for name, need, place, group in children]
        children = [child for child in children if child[3] <= 14]
        joining = 200 if not children else int(len(children) * growth) + 20
        for _ in range(joining):
            count += 1
            place = generator.choice(["mainstream", "special"], p=[0.7, 0.3])
            need = str(generator.choice(["Autism", "Speech"]))
            children.append((f"child-{count}", need, str(place), int(generator.integers(1, 8))))
        rows += [
            {
                "la_code": "801",
                "return_year": year,
                "pseudonym": name,
                "need_group": need,
                "placement_group": place,
                "year_group": group,
            }
            for name, need, place, group in children
        ]
    return rows


def held(*years: int, growth: float = 0.1) -> duckdb.DuckDBPyConnection:
    connection = marts(yearly(PLANS, {**grown(40)}))
    fill(connection, "core.cohort_state", returns(*years, growth=growth))
    return connection


def cohort(*years: int, growth: float = 0.1) -> Cohort:
    made = cohort_of(held(*years, growth=growth), "801", "E10000801")
    assert isinstance(made, Cohort)
    return made


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        ((), "No annual return of the council is held."),
        ((2025,), "Annual returns of two successive years are needed; held: 2025."),
        ((2023, 2025), "Annual returns of two successive years are needed; held: 2023, 2025."),
    ],
    ids=str,
)
def test_returns_that_do_not_follow_each_other_are_not_projected(
    years: tuple[int, ...], reason: str
) -> None:
    assert cohort_of(held(*years), "801", "E10000801") == reason


def test_only_the_newest_run_of_successive_returns_counts() -> None:
    assert [item.year for item in cohort(2022, 2024, 2025).returns] == [2024, 2025]


def test_two_returns_give_a_projection_that_nothing_has_tested() -> None:
    made = cohort(2024, 2025)
    plans, share, _ = cohort_forecast.forecasts(made, NO_PANEL)
    assert plans.origin_value == made.level(PLANS, 2025)
    assert [step.period for step in plans.steps] == ["2026-01", "2027-01", "2028-01", "2029-01"]
    assert "No return tests the model yet." in str(plans.note)
    assert all(step.is_model for step in (*plans.steps, *share.steps))
    assert all(0 <= step.value_p10 <= step.value_p90 <= 100 for step in share.steps)
    assert cohort_forecast.beats(made, PLANS, NONE) is None


def test_four_returns_give_three_tests_of_each_measure_and_a_verdict() -> None:
    made = cohort(2022, 2023, 2024, 2025)
    rows = list(cohort_forecast.trial_rows(made, NO_PANEL))
    model = [row for row in rows if row["kpi"] == PLANS and row["is_model"]]
    assert sum(row["origin_count"] for row in model) == 3
    used = [row["forecast_model"] for row in rows if row["is_used"]]
    assert len(used) == len({(row["kpi"], row["ahead"]) for row in rows})


def test_a_model_that_misses_by_more_gives_way_to_the_rule_with_the_range_of_others() -> None:
    """New plans that grow by half each year: a growth tells it, the newest level does not."""
    made = cohort(2022, 2023, 2024, 2025, growth=0.5)
    measure = gathered(held(), PLANS, "count", "stock")
    project = Project.of(measure, Rules.of("relative", {}), measure.panel)
    own = {item.year: float(len(item.child)) for item in made.returns}
    rule = Yardstick(ENGLAND_GROWTH, project.tested[0], own, {})
    assert cohort_forecast.beats(made, PLANS, rule) is False
    plans = next(iter(cohort_forecast.forecasts(made, {**NO_PANEL, PLANS: rule})))
    assert {step.model for step in plans.steps} == {ENGLAND_GROWTH}
    assert plans.runs is None
    assert "the cohort model did not beat it in 3 forecasts" in str(plans.note)
    assert plans.steps[0].value_p50 == pytest.approx(own[2025] ** 2 / own[2024])


def test_without_other_authorities_a_beaten_model_leaves_nothing_to_show() -> None:
    assert list(NONE.steps(100, 110, 2025, 110)) == []


def test_the_rule_to_beat_is_the_best_of_all_authorities() -> None:
    measure = gathered(held(), PLANS, "count", "stock")
    project = Project.of(measure, Rules.of("relative", {}), measure.panel)
    rule = Yardstick.of(project)
    assert rule.name == ENGLAND_GROWTH
    assert rule.england[2025] == grown(40)[ENGLAND][-1]
    growth = rule.england[2025] / rule.england[2024]
    assert rule.says(90, 100, 2025, 2) == pytest.approx(100 * growth**2)
    # England's newest growth stands in for a year that is not held.
    assert rule.says(90, 100, 2027, 1) == pytest.approx(100 * growth)


@pytest.mark.parametrize(
    ("starts", "ends", "first", "until"),
    [
        (date(2026, 1, 1), None, 2027, None),
        (date(2026, 1, 2), None, 2028, None),
        (date(2026, 9, 1), date(2028, 1, 1), 2028, 2029),
    ],
    ids=str,
)
def test_an_action_shows_in_the_return_after_its_first_whole_year(
    starts: date, ends: date | None, first: int, until: int | None
) -> None:
    action = as_action(
        ScenarioAction(
            kind="new_plan_share",
            title="More in mainstream",
            starts_on=starts,
            ends_on=ends,
            value=Decimal(80),
            setting="mainstream",
            is_assumption=True,
            why="This is a worked example only.",
        )
    )
    assert (action.from_year, action.until_year) == (first, until)
    assert (action.transition, action.share, action.to_settings) == (
        "placements",
        0.8,
        ("mainstream",),
    )
    assert not action.holds_in(first - 1)
    assert action.holds_in(first)
    assert until is None or not action.holds_in(until)
