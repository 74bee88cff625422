"""The council's own returns, matched child by child, as the cohort model reads them.

What belongs here: from core.cohort_state to the model's arrays, and its runs. The rows of children
never leave: what goes on is counts and shares of a thousand runs (cohort_forecast.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.analysis import cohort, cohort_backtest
from pipelines.analysis.cohort_backtest import Tested
from pipelines.analysis.cohort_counts import Flows, Return, States, count_flows
from pipelines.analysis.cohort_rates import Action
from pipelines.analysis.panel import Panel
from pipelines.analysis.ranges import Floats
from pipelines.judgement.asked import frame
from pipelines.judgement.caseload import MAINSTREAM, PLANS
from pipelines.judgement.panel_of import CHILDREN_RATE, gathered, yearly

if TYPE_CHECKING:
    import duckdb

RUNS = cohort.RUNS
TEST_RUNS = 200
SEED = 2026
LAST_YEAR = 2029
YEAR_GROUPS = tuple(range(-4, 22))
# The setting groups whose share is projected, by measure.
SHARES = {MAINSTREAM: ("mainstream",), "special_share": ("special",)}
# People of each year group where nobody counts them: only a change of it would matter.
NOT_HELD = 1_000_000.0
# Published for ages 0 to 17 together, and spread evenly over them.
AGES_COUNTED = 18


@dataclass(frozen=True)
class Cohort:
    """One council's returns, ready to be run.

    Args:
        la_code, area_code: whose.
        states: the axes that occur in the returns.
        returns: one a year.
        population: people of each year group, for each return but the first.
        has_population: whether that is counted, or taken as constant.
        year_spread: how far new plans stray from year to year in all authorities, where published.
    """

    la_code: str
    area_code: str
    states: States
    returns: tuple[Return, ...]
    population: Floats
    has_population: bool
    year_spread: float | None = None

    @cached_property
    def flows(self) -> Flows:
        """What the returns say of stayers, leavers, movers and joiners."""
        return count_flows(self.states, self.returns, self.population)

    @property
    def last_year(self) -> int:
        """The January of the newest return."""
        return self.returns[-1].year

    @property
    def ahead(self) -> Floats:
        """People in the years to come: as many as were counted last."""
        years = max(LAST_YEAR - self.last_year, 1)
        return np.tile(self.population[-1], (years, 1))

    @cached_property
    def projection(self) -> cohort.Projection:
        """The runs, if things go on as they do."""
        return self.project()

    def project(self, actions: Sequence[Action] = (), runs: int = RUNS) -> cohort.Projection:
        """The runs, with actions."""
        return cohort.project(
            self.flows,
            self.ahead,
            actions=actions,
            runs=runs,
            seed=SEED,
            year_spread=self.year_spread,
        )

    @cached_property
    def tests(self) -> list[Tested]:
        """Every return forecast from those before it."""
        return cohort_backtest.back_test(
            self.states,
            self.returns,
            self.population,
            SHARES,
            runs=TEST_RUNS,
            seed=SEED,
            year_spread=self.year_spread,
        )

    def level(self, kpi: str, year: int) -> float:
        """Plans, or the share of a setting group, in the return of a year."""
        received = self.returns[year - self.returns[0].year]
        return cohort_backtest.level(self.states, received, SHARES.get(kpi))


def draws_of(runs: cohort.Projection, kpi: str) -> Floats:
    """Plans, or the share of a setting group, in each run and year."""
    if kpi == PLANS:
        return runs.plans
    return runs.share_pct([name for name in SHARES[kpi] if name in runs.settings])


def cohort_of(connection: duckdb.DuckDBPyConnection, la_code: str, area_code: str) -> Cohort | str:
    """The returns of a council, or why they cannot be projected."""
    held = frame(connection, "cohort_child", la_code=la_code)
    if held.empty:
        return "No annual return of the council is held."
    years = sorted(int(year) for year in held.return_year.unique())
    run = _newest_run(years)
    if len(run) < cohort_backtest.MIN_RETURNS:
        listed = ", ".join(map(str, years))
        return f"Annual returns of two successive years are needed; held: {listed}."
    held = held[held.return_year.isin(run)]
    child, _ = _coded(held.pseudonym)
    need, needs = _coded(held.need_group)
    setting, settings = _coded(held.placement_group)
    group = held.year_group.to_numpy(np.int64) - YEAR_GROUPS[0]
    year = held.return_year.to_numpy(np.int64)
    returns = tuple(
        Return(at, *(axis[year == at] for axis in (child, need, setting, group))) for at in run
    )
    people, is_counted = _population(connection, la_code, run[1:])
    spread = _spread(gathered(connection, "new_plans", "count", "flow").panel)
    states = States(needs, settings, YEAR_GROUPS)
    return Cohort(la_code, area_code, states, returns, people, is_counted, spread)


def _spread(new_plans: Panel | None) -> float | None:
    """How far authorities' new plans stray from one year to the next, wild years left aside."""
    if new_plans is None:
        return None
    change = np.diff(np.log(new_plans.values), axis=1)
    return float(1.4826 * np.median(np.abs(change)))


def _population(
    connection: duckdb.DuckDBPyConnection, la_code: str, years: Sequence[int]
) -> tuple[Floats, bool]:
    """People for each return, spread evenly over the year groups; as last where newer are lacking.

    Estimates by single year of age are not held, so only changes of the total tell.
    """
    rate = yearly(connection, CHILDREN_RATE)
    own = rate[rate.area_key == la_code]
    held = dict(zip(own.year.astype(int), own.denominator, strict=True))
    if not held:
        return np.full((len(years), len(YEAR_GROUPS)), NOT_HELD), False
    totals = [
        held[max((at for at in held if at <= year), default=min(held))] / AGES_COUNTED
        for year in years
    ]
    return np.repeat(np.array(totals)[:, np.newaxis], len(YEAR_GROUPS), axis=1), True


def _newest_run(years: Sequence[int]) -> tuple[int, ...]:
    run = [years[-1]]
    while run[0] - 1 in years:
        run.insert(0, run[0] - 1)
    return tuple(run)


def _coded(column: Any) -> tuple[np.ndarray, tuple[str, ...]]:
    names, codes = np.unique(column.to_numpy(str), return_inverse=True)
    return codes.astype(np.int64), tuple(map(str, names))
