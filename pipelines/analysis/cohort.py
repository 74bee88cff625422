"""How many plans, and where? Children followed by need, setting and year group.

Each year children leave, move between settings, grow a year older, and others join. The rates are
learned from successive returns matched on the pseudonym, and drawn anew for each run, so that the
range holds what the returns leave unknown as well as chance. A need does not change.
Source: the model that witan.send describes; docs/methods.md, "How many plans, and where?".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.cohort_counts import Flows
from pipelines.analysis.cohort_rates import Action, Rates, drawn_rates
from pipelines.analysis.ranges import Floats
from pipelines.analysis.scenario import Answer, what_it_takes

RUNS = 1_000
SHARE_TOLERANCE = 0.002
LEAVE, MOVE, DESTINATION, JOIN, PLACE, STRAY = range(6)


@dataclass(frozen=True)
class Projection:
    """What the runs give, year by year; the first year is the last return, alike in all runs.

    Args:
        years: the census years.
        by_setting: shape (runs, years, settings), plans.
        by_need: shape (runs, years, needs).
        by_year_group: shape (runs, years, year groups).
        joined: shape (runs, years - 1, settings), plans that are new since the year before.
        settings: the names along the settings axis.
    """

    years: tuple[int, ...]
    by_setting: Floats
    by_need: Floats
    by_year_group: Floats
    joined: Floats
    settings: tuple[str, ...]

    @property
    def plans(self) -> Floats:
        """All plans; shape (runs, years)."""
        return np.asarray(self.by_setting.sum(axis=2))

    def share_pct(self, settings: Sequence[str]) -> Floats:
        """The percentage of all plans that is in these settings; shape (runs, years)."""
        chosen = [self.settings.index(name) for name in settings]
        plans = np.maximum(self.plans, 1)
        return np.asarray(100 * self.by_setting[:, :, chosen].sum(axis=2) / plans)


def project(
    flows: Flows,
    population: ArrayLike,
    *,
    actions: Sequence[Action] = (),
    runs: int = RUNS,
    seed: int = 0,
    year_spread: float | None = None,
) -> Projection:
    """Run the cohorts forward, one year for each row of population.

    population: shape (years ahead, year groups), children and young people of the area.
    year_spread: how far new plans stray from one year to the next, where more than these returns
        tells it (see Rates). What they stray by in one year stays in the years after.
    The same seed draws the same rates whatever the actions are, so scenarios can be compared.
    """
    ahead = np.asarray(population, np.float64)
    rates = drawn_rates(flows, runs, seed, year_spread)
    stock = np.broadcast_to(flows.stock, (runs, *flows.stock.shape)).astype(np.int64)
    stocks, joined = [stock], []
    walk = np.zeros((runs, 1))
    for step, people in enumerate(ahead):
        year = flows.last_year + step + 1
        walk += rates.year_spread * np.random.default_rng([seed, year, STRAY]).standard_normal(
            (runs, 1)
        )
        changed = rates.changed(actions, year, flows.states, people)
        stock, new = _next_year(stock, changed, people * np.exp(walk), seed, year)
        stocks.append(stock)
        joined.append(new.sum(axis=(1, 3)))
    return Projection(
        years=tuple(range(flows.last_year, flows.last_year + len(ahead) + 1)),
        by_setting=_margin(stocks, (1, 3)),
        by_need=_margin(stocks, (2, 3)),
        by_year_group=_margin(stocks, (1, 2)),
        joined=np.stack(joined, axis=1).astype(np.float64),
        settings=flows.states.settings,
    )


def share_of_new_plans_needed(
    flows: Flows,
    population: ArrayLike,
    settings: Sequence[str],
    goal_pct: float,
    *,
    from_year: int,
    actions: Sequence[Action] = (),
    runs: int = 200,
    seed: int = 0,
    year_spread: float | None = None,
) -> Answer:
    """The share of new plans placed in these settings that brings their share of all plans to goal.

    goal_pct: what the median has to reach in the last year of population, such as England's
    share. The answer's amount is a share of new plans (0 to 1), or None where not even every new
    plan would do; its reached is a percentage of all plans.
    """

    def reached(share: float) -> float:
        placed = Action(
            "new plans placed there",
            "placements",
            to_settings=tuple(settings),
            share=share,
            from_year=from_year,
        )
        made = project(
            flows,
            population,
            actions=[*actions, placed],
            runs=runs,
            seed=seed,
            year_spread=year_spread,
        )
        return float(np.median(made.share_pct(settings)[:, -1]))

    return what_it_takes(reached, goal_pct, 0.0, 1.0, SHARE_TOLERANCE)


def _next_year(
    stock: np.ndarray, rates: Rates, people: Floats, seed: int, year: int
) -> tuple[np.ndarray, np.ndarray]:
    """The children of the year after, and those of them who joined.

    people: shape (runs, year groups), as many as would join at the rates of the newest return.
    """

    def generator(step: int) -> np.random.Generator:
        # Each step has its own stream, so that an action on one does not shuffle the others.
        return np.random.default_rng([seed, year, step])

    stayed = stock - generator(LEAVE).binomial(stock, rates.leave)
    moving = generator(MOVE).binomial(stayed, rates.move)
    stayed += _arrived(moving, rates.destination, generator(DESTINATION)) - moving
    older = np.zeros_like(stayed)
    older[..., 1:] = stayed[..., :-1]
    joined = _joined(rates, people, generator(JOIN), generator(PLACE))
    return older + joined, joined


def _arrived(moving: np.ndarray, destination: Floats, generator: np.random.Generator) -> np.ndarray:
    """Where the moving children go; most states have none, and are passed over."""
    arrived = np.zeros_like(moving)
    run, need, setting, group = np.nonzero(moving)
    if run.size:
        chances = destination[run, setting, group]
        counts = generator.multinomial(moving[run, need, setting, group], chances)
        which, to_setting = np.nonzero(counts)
        where = (run[which], need[which], to_setting, group[which])
        np.add.at(arrived, where, counts[which, to_setting])
    return arrived


def _joined(
    rates: Rates, people: Floats, join: np.random.Generator, place: np.random.Generator
) -> np.ndarray:
    """New plans by state: shape (runs, needs, settings, year groups)."""
    runs, groups, needs, settings = rates.placement.shape
    count = join.binomial(np.round(people).astype(np.int64), rates.join)
    spread = rates.placement.reshape(runs, groups, needs * settings)
    placed = place.multinomial(count, spread).reshape(runs, groups, needs, settings)
    return np.moveaxis(placed, 1, 3)


def _margin(stocks: Sequence[np.ndarray], axes: tuple[int, int]) -> Floats:
    return np.stack([stock.sum(axis=axes) for stock in stocks], axis=1).astype(np.float64)
