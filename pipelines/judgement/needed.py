"""What would it take? The share of new plans in mainstream schools that reaches England's share.

From the council's own returns by the cohort model, and for every other authority from published
totals by stock and flow. The goal is England's newest share, taken to stay where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.analysis.cohort import share_of_new_plans_needed
from pipelines.analysis.ranges import Floats
from pipelines.analysis.stock_flow import kept_share, new_share_needed
from pipelines.judgement.caseload import MAINSTREAM, Caseload
from pipelines.judgement.chances import step_of
from pipelines.judgement.cohort_of import LAST_YEAR, SEED, SHARES, Cohort
from pipelines.judgement.panel_of import NATION, gathered, yearly
from pipelines.judgement.tried import Rules
from pipelines.judgement.yearly import Project

if TYPE_CHECKING:
    import duckdb

NEW_PLANS = "new_plans"
NEEDED = "new_plans_mainstream_share"
SCENARIO = "needed-share"
TITLE = "The share of new plans in mainstream schools that brings the share of all to England's"
RUNS = 50
PAIRS = 2


def from_rows(children: Cohort, share: Project) -> Iterator[dict[str, Any]]:
    """The council's own answer, for each January to come."""
    goal = share.measure.newest.get(NATION)
    if goal is None or not goal[0]:
        return
    for year in range(children.last_year + 1, LAST_YEAR + 1):
        answer = share_of_new_plans_needed(
            children.flows,
            children.ahead[: year - children.last_year],
            [name for name in SHARES[MAINSTREAM] if name in children.states.settings],
            goal[1],
            from_year=children.last_year + 1,
            runs=RUNS,
            seed=SEED,
            year_spread=children.year_spread,
        )
        place = {"la_code": children.la_code, "area_code": children.area_code}
        needed = None if answer.amount is None else 100 * answer.amount
        facts = {"forecast_basis": "matched_returns", "run_count": RUNS, "seed": SEED}
        yield place | facts | _row(year, needed, answer.reached, goal)


def from_totals(
    connection: duckdb.DuckDBPyConnection, groups: Caseload, areas: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Every authority's answer for each January that is forecast; none where a count is lacking."""
    goal = groups.shares[MAINSTREAM].measure.newest.get(NATION)
    if goal is None or not goal[0] or not groups.plans.tested:
        return
    stock, new = _counts(connection, MAINSTREAM), _counts(connection, NEEDED)
    measure = gathered(connection, NEW_PLANS, "count", "flow")
    project = Project.of(measure, Rules.of("relative", {}), groups.plans.measure.panel)
    for code, area in areas.items():
        found = _kept(stock.get(code, {}), new.get(code, {}))
        if found is None or not _is_forecast(groups, project, code):
            continue
        last, in_setting, kept = found
        for year, amounts in _ahead(groups.plans, project, code, last):
            made = new_share_needed(in_setting, kept, amounts[0], amounts[1], goal[1])
            place = {"la_code": code, "area_code": area, "forecast_basis": "published_totals"}
            yield place | _row(year, made.needed_pct, made.reached_pct, goal)


def _row(
    year: int, needed: float | None, reached: float, goal: tuple[int, float]
) -> dict[str, Any]:
    out_of_reach = f"Even with every new plan there, the share reaches {reached:.1f}%."
    return {
        "scenario": SCENARIO,
        "scenario_title": TITLE,
        "scenario_part": "needed_share",
        "kpi": NEEDED,
        "period": f"{year}-01",
        "value_p50": needed,
        "goal_value": goal[1],
        "goal_period": f"{goal[0]}-01",
        "is_being_done": False,
        "why_not": out_of_reach if needed is None else None,
    }


def _is_forecast(groups: Caseload, new_plans: Project, code: str) -> bool:
    panels = (groups.plans.measure.panel, new_plans.measure.panel)
    return all(panel is not None and code in panel.la_codes for panel in panels)


def _ahead(
    plans: Project, new_plans: Project, code: str, last: int
) -> Iterator[tuple[int, tuple[Floats, float]]]:
    """For each January to come: new plans of the years until then, and all plans at it.

    New plans of a year beyond those that past years test stay as in the one before.
    """
    all_plans, _ = plans.steps(code, "{}-01")
    coming, _ = new_plans.steps(code, "{}")
    known = _known_new(new_plans, code) | {int(step.period): step.value_p50 for step in coming}
    amounts: list[float] = []
    for year in range(last + 1, LAST_YEAR + 1):
        step = step_of(all_plans, f"{year}-01")
        if step is None:
            return
        amounts.append(known.get(year - 1, known[max(known)]))
        yield year, (np.array(amounts), step.value_p50)


def _known_new(new_plans: Project, code: str) -> dict[int, float]:
    panel = new_plans.measure.panel
    if panel is None:
        return {}
    values = [*panel.values[panel.la_codes.index(code)], *new_plans.measure.newer[code]]
    return dict(enumerate(map(float, values), start=panel.years[0]))


def _kept(stock: Mapping[int, float], new: Mapping[int, float]) -> tuple[int, float, float] | None:
    """The newest January with its plans in mainstream schools, and the part that stays a year.

    From the newest pairs of Januaries between which new plans are known, two at most.
    """
    pairs = sorted(year for year in new if {year, year + 1} <= stock.keys())[-PAIRS:]
    if not pairs:
        return None
    last = max(stock)
    kept = [kept_share([stock[year], stock[year + 1]], [new[year]]) for year in pairs]
    weights = [stock[year] for year in pairs]
    return last, stock[last], float(np.average(kept, weights=weights))


def _counts(connection: duckdb.DuckDBPyConnection, kpi: str) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    frame = yearly(connection, kpi).dropna(subset=["numerator"])
    for code, year, count in zip(frame.area_key, frame.year, frame.numerator, strict=True):
        found.setdefault(str(code), {})[int(year)] = float(count)
    return found
