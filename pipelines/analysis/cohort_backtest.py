"""The cohort model held against returns that have come since: train up to one, project, compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.cohort import project
from pipelines.analysis.cohort_counts import Return, States, count_flows
from pipelines.analysis.ranges import quantiles

MIN_RETURNS = 2
PLANS = "plans"


@dataclass(frozen=True)
class Tested:
    """One forecast of the past: plans, or the percentage of them in some settings.

    Args:
        measure: PLANS, or the name of a share.
    """

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
    shares: Mapping[str, Sequence[str]],
    *,
    runs: int = 200,
    seed: int = 0,
    year_spread: float | None = None,
) -> list[Tested]:
    """Forecast every return from those before it, at every distance that can be tested.

    population: shape (returns - 1, year groups), for each return but the first.
    shares: the settings whose percentage is tested beside all plans, by a name.
    Three returns give one forecast, four give three: too few to say much about coverage, and the
    page must say so.
    """
    people = np.asarray(population, np.float64)
    tested: list[Tested] = []
    for count in range(MIN_RETURNS, len(returns)):
        tested.extend(_from_origin(states, returns, people, shares, count, runs, seed, year_spread))
    return tested


def _from_origin(
    states: States,
    returns: Sequence[Return],
    people: np.ndarray,
    shares: Mapping[str, Sequence[str]],
    count: int,
    runs: int,
    seed: int,
    year_spread: float | None,
) -> Iterator[Tested]:
    flows = count_flows(states, returns[:count], people[: count - 1])
    made = project(flows, people[count - 1 :], runs=runs, seed=seed, year_spread=year_spread)
    ranges = {PLANS: quantiles(made.plans)} | {
        name: quantiles(made.share_pct(settings)) for name, settings in shares.items()
    }
    for ahead in range(1, len(returns) - count + 1):
        came = returns[count - 1 + ahead]
        for measure, (lower, median, upper) in ranges.items():
            yield Tested(
                origin=returns[count - 1].year,
                ahead=ahead,
                measure=measure,
                lower=float(lower[ahead]),
                median=float(median[ahead]),
                upper=float(upper[ahead]),
                naive=float(median[0]),
                actual=level(states, came, shares.get(measure)),
            )


def level(states: States, received: Return, settings: Sequence[str] | None = None) -> float:
    """Plans of a return, or the percentage of them in some settings."""
    if settings is None:
        return float(len(received.child))
    chosen = np.flatnonzero([name in settings for name in states.settings])
    return 100 * float(np.isin(received.setting, chosen).mean())
