"""The cohort model held against returns that have come since: train up to one, project, compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.cohort import project
from pipelines.analysis.cohort_counts import Return, States, count_flows
from pipelines.analysis.ranges import quantiles

MIN_RETURNS = 2


@dataclass(frozen=True)
class Tested:
    """One forecast of the past: plans, or the percentage of them in some settings."""

    origin: int
    ahead: int
    measure: str
    lower: float
    median: float
    upper: float
    naive: float
    actual: float


def back_test(
    states: States,
    returns: Sequence[Return],
    population: ArrayLike,
    settings: Sequence[str],
    *,
    runs: int = 200,
    seed: int = 0,
) -> list[Tested]:
    """Forecast every return from those before it, at every distance that can be tested.

    population: shape (returns - 1, year groups), for each return but the first.
    settings: whose percentage is tested beside all plans. Three returns give one forecast, four
    give three: too few to say much about coverage, and the page must say so.
    """
    people = np.asarray(population, np.float64)
    tested: list[Tested] = []
    for count in range(MIN_RETURNS, len(returns)):
        tested.extend(_from_origin(states, returns, people, settings, count, runs, seed))
    return tested


def _from_origin(
    states: States,
    returns: Sequence[Return],
    people: np.ndarray,
    settings: Sequence[str],
    count: int,
    runs: int,
    seed: int,
) -> Iterator[Tested]:
    flows = count_flows(states, returns[:count], people[: count - 1])
    made = project(flows, people[count - 1 :], runs=runs, seed=seed)
    chosen = np.flatnonzero([name in settings for name in states.settings])
    ranges = {
        "plans": quantiles(made.plans),
        "share_pct": quantiles(made.share_pct(settings)),
    }
    for ahead in range(1, len(returns) - count + 1):
        came = returns[count - 1 + ahead]
        share = 100 * float(np.isin(came.setting, chosen).mean())
        for measure, actual in (("plans", float(len(came.child))), ("share_pct", share)):
            low, middle, high = map(float, ranges[measure][:, ahead])
            naive = float(ranges[measure][1, 0])
            origin = returns[count - 1].year
            yield Tested(origin, ahead, measure, low, middle, high, naive, actual)
