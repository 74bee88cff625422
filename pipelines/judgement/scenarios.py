"""What declared actions would do to a council's caseload, and what it would take.

Each action is run alone and all together on the same chances, so that each has its own contribution
whatever the order. Actions on the queue stand in backlog.py. Without the council's own returns only
the last question can be answered, from totals. docs/methods.md, "What each action adds".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.analysis.cohort import Projection
from pipelines.analysis.cohort_rates import Action, Transition
from pipelines.analysis.ranges import quantiles
from pipelines.analysis.scenario import contributions
from pipelines.judgement.caseload import MAINSTREAM, PLANS, Caseload
from pipelines.judgement.cohort_of import SEED, Cohort, draws_of
from pipelines.judgement.needed import from_rows, from_totals
from pipelines.registry.scenarios import Scenario, ScenarioAction, scenarios

if TYPE_CHECKING:
    import duckdb

SCENARIO = (
    "la_code",
    "area_code",
    "scenario",
    "scenario_title",
    "scenario_part",
    "action_title",
    "forecast_basis",
    "kpi",
    "period",
    "value_p10",
    "value_p50",
    "value_p90",
    "change_value",
    "goal_value",
    "goal_period",
    "run_count",
    "seed",
    "is_being_done",
    "why_not",
    "forecast_note",
)
MEASURES = (PLANS, MAINSTREAM)
# Differences between runs on the same chances need fewer of them than a range.
RUNS = 300
TRANSITIONS: dict[str, Transition] = {
    "new_plan_share": "placements",
    "move_rate": "moves",
    "joiner_rate": "joiners",
    "leaver_rate": "leavers",
}
BEATEN = (
    "On past returns the cohort model did no better than a simple rule ({rule}) for this measure: "
    "the scenario shows the difference that an action makes, not where the number will be."
)
NO_ROWS = "Actions on the caseload need the council's own annual returns of two successive years."


def scenario_rows(
    connection: duckdb.DuckDBPyConnection,
    council_folder: Path,
    groups: Caseload,
    children: Cohort | None,
    areas: Mapping[str, str],
    tests: Sequence[Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Rows of marts.scenario: declared actions of the council, and what it would take for each.

    tests: rows of marts.forecast_test, which say where the model was beaten.
    """
    home = council_folder.name
    notes = beaten_notes(tests, home)
    place = {"la_code": home, "area_code": areas[home]}
    for scenario in scenarios(council_folder):
        if scenario.is_of_queue:
            continue
        facts = {
            **place,
            "scenario": scenario.id,
            "scenario_title": scenario.title,
            "is_being_done": scenario.is_current,
        }
        if children is None:
            yield facts | {"scenario_part": "together", "kpi": MAINSTREAM, "why_not": NO_ROWS}
        else:
            for row in _played(children, scenario):
                yield facts | row | {"forecast_note": notes.get(row["kpi"])}
    if children is not None:
        yield from from_rows(children, groups.shares[MAINSTREAM])
    yield from from_totals(connection, groups, areas)


def beaten_notes(tests: Sequence[Mapping[str, Any]], la_code: str) -> dict[str, str]:
    """By measure, what to say of a scenario from a model that past returns did not bear out.

    tests: rows of marts.forecast_test. A measure whose model was not beaten has none.
    """
    own = [
        row
        for row in tests
        if row["forecast_basis"] == "matched_returns" and row["tested_on"] == la_code
    ]
    beaten = {row["kpi"] for row in own if row["is_model"] and not row["is_used"]}
    return {
        row["kpi"]: BEATEN.format(rule=row["forecast_model"])
        for row in own
        if row["kpi"] in beaten and row["is_used"] and not row["is_model"]
    }


def _played(children: Cohort, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Without any action, each alone, all together, and what is left between."""
    actions = [as_action(item) for item in scenario.actions]
    made: dict[tuple[Action, ...], Projection] = {}

    def runs(chosen: Sequence[Action]) -> Projection:
        key = tuple(chosen)
        if key not in made:
            made[key] = children.project(key, RUNS)
        return made[key]

    for kpi in MEASURES:
        for place, year in enumerate(children.projection.years[1:], start=1):
            yield from _of_year(runs, actions, kpi, place, f"{year}-01")


def _of_year(
    runs: Callable[[Sequence[Action]], Projection],
    actions: Sequence[Action],
    kpi: str,
    place: int,
    period: str,
) -> Iterator[dict[str, Any]]:
    def mean(chosen: Sequence[Action]) -> float:
        return float(draws_of(runs(chosen), kpi)[:, place].mean())

    found = contributions(mean, actions)
    facts = {
        "forecast_basis": "matched_returns",
        "kpi": kpi,
        "period": period,
        "run_count": RUNS,
        "seed": SEED,
    }
    for part, chosen in (("baseline", ()), ("together", tuple(actions))):
        low, middle, high = map(float, quantiles(draws_of(runs(chosen), kpi)[:, place]))
        yield facts | {
            "scenario_part": part,
            "value_p10": low,
            "value_p50": middle,
            "value_p90": high,
            "change_value": None if part == "baseline" else found.together - found.baseline,
        }
    for action, change in found.alone:
        yield facts | {
            "scenario_part": "action",
            "action_title": action.name,
            "change_value": change,
        }
    yield facts | {"scenario_part": "interaction", "change_value": found.interaction}


def as_action(item: ScenarioAction) -> Action:
    """A declared action as the cohort model takes it: whole calendar years only.

    A year's return tells of the calendar year before it, so an action shows in full from the return
    after the first whole year in which it holds.
    """
    value = float(item.value)
    whole_year = item.starts_on.year + (item.starts_on.timetuple().tm_yday > 1)
    own = (item.setting,) if item.setting else ()
    action = Action(
        name=item.title,
        transition=TRANSITIONS[item.kind],
        multiply=value,
        from_year=whole_year + 1,
        until_year=None if item.ends_on is None else item.ends_on.year + 1,
    )
    if item.kind == "new_plan_share":
        return replace(action, multiply=1.0, share=value / 100, to_settings=own)
    if item.kind == "move_rate":
        return replace(action, from_settings=own, to_settings=(item.to,) if item.to else ())
    return action
