"""The rates of the cohort model: drawn from what was counted, and changed by actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pipelines.analysis.cohort_counts import Flows, States
from pipelines.analysis.ranges import Floats
from pipelines.errors import SendError

# A state's own children outweigh this many imagined ones, which behave as their year group does.
PRIOR_CHILDREN = 2.0
JEFFREYS = 0.5
PAIRS_FOR_SPREAD = 3

Transition = Literal["joiners", "placements", "leavers", "moves"]


@dataclass(frozen=True)
class Action:
    """A change of one named transition.

    Args:
        name: what is done, for the reader.
        transition: joiners (new plans), placements (where new plans go), leavers, or moves.
        multiply: what the rate is multiplied by; for placements, the share of to_settings.
        from_year: the first census year that shows the change.
        until_year: the first that no longer does (None: it stays).
        share: for placements, the share itself instead of a multiple of it.
        from_settings: only children in these settings (leavers and moves; empty: all).
        to_settings: only into these settings (placements and moves; empty: all, for moves).
    """

    name: str
    transition: Transition
    multiply: float = 1.0
    from_year: int = 0
    share: float | None = None
    from_settings: tuple[str, ...] = ()
    to_settings: tuple[str, ...] = ()
    until_year: int | None = None

    def holds_in(self, year: int) -> bool:
        """Whether the census of a year shows the change."""
        return self.from_year <= year and (self.until_year is None or year < self.until_year)


@dataclass(frozen=True)
class Rates:
    """Chances of one year, one set a run; shapes begin with runs.

    Args:
        leave: (needs, settings, year groups).
        move: the same.
        destination: (settings, year groups, settings after).
        join: (year groups).
        placement: (year groups, needs, settings).
        year_spread: how far the rate of new plans strays from one year to the next: standard
            deviation of its change, as a logarithm.
    """

    leave: Floats
    move: Floats
    destination: Floats
    join: Floats
    placement: Floats
    year_spread: float

    def changed(
        self, actions: Sequence[Action], year: int, states: States, people: Floats
    ) -> Rates:
        """The rates as the actions leave them that are in force in this year.

        people: those of the area that year, by year group.
        """
        rates = self
        for action in actions:
            if action.holds_in(year):
                rates = CHANGES[action.transition](rates, action, states, people)
        return rates


def drawn_rates(flows: Flows, runs: int, seed: int, year_spread: float | None = None) -> Rates:
    """One set of rates a run, from the counts and weak priors.

    Leaving and moving: Beta for each state, whose prior is the year group's own rate. Where movers
    go, and the needs and settings of new plans: Dirichlet with 1/k for each of k possibilities.
    New plans: at the level of the newest pair, because they have risen year after year, with the
    pattern over year groups of all pairs.

    year_spread: where it is known from elsewhere; otherwise from these pairs.
    """
    generator = np.random.default_rng([seed, 0])
    kept = flows.at_risk - flows.left
    settings = len(flows.states.settings)
    elsewhere = ~np.eye(settings, dtype=bool)[:, np.newaxis, :]
    moves = (flows.moves + 1 / max(settings - 1, 1)) * elsewhere
    seen = flows.placed.reshape(len(flows.placed), -1)
    placement = _dirichlet(seen + 1 / seen.shape[1], runs, generator)
    joined, people = flows.joined.sum(axis=0), flows.population.sum(axis=0)
    return Rates(
        leave=_beta(flows.left, flows.at_risk, runs, generator),
        move=_beta(flows.moved, kept, runs, generator),
        destination=_dirichlet(moves, runs, generator),
        join=np.clip(
            _newest_level(flows)
            * generator.beta(
                joined + JEFFREYS, np.maximum(people - joined, 0) + JEFFREYS, (runs, len(joined))
            ),
            0,
            1,
        ),
        placement=placement.reshape(runs, *flows.placed.shape),
        year_spread=_year_spread(flows) if year_spread is None else year_spread,
    )


def _beta(
    happened: np.ndarray, trials: np.ndarray, runs: int, generator: np.random.Generator
) -> Floats:
    usual = (happened.sum(axis=(0, 1)) + JEFFREYS) / (trials.sum(axis=(0, 1)) + 2 * JEFFREYS)
    yes = happened + PRIOR_CHILDREN * usual
    no = trials - happened + PRIOR_CHILDREN * (1 - usual)
    return generator.beta(yes, no, (runs, *happened.shape))


def _dirichlet(weights: np.ndarray, runs: int, generator: np.random.Generator) -> Floats:
    drawn = generator.standard_gamma(weights, (runs, *weights.shape))
    # Gammas of small weights can all come out as nought.
    drawn += 1e-300 * (weights > 0)
    total = drawn.sum(axis=-1, keepdims=True)
    return np.asarray(drawn / np.where(total > 0, total, 1))


def _newest_level(flows: Flows) -> float:
    """The newest pair's rate of new plans, as a multiple of that of all pairs."""
    rate = flows.joined.sum(axis=1) / flows.population.sum(axis=1)
    usual = flows.joined.sum() / flows.population.sum()
    return float(rate[-1] / usual) if usual > 0 else 1.0


def _year_spread(flows: Flows) -> float:
    """How much the rate of new plans changed from pair to pair; nought from fewer than 3 pairs."""
    if len(flows.joined) < PAIRS_FOR_SPREAD:
        return 0.0
    rate = flows.joined.sum(axis=1) / flows.population.sum(axis=1)
    return float(np.sqrt(np.mean(np.diff(np.log(np.maximum(rate, 1e-9))) ** 2)))


def _places(names: Sequence[str], settings: tuple[str, ...]) -> np.ndarray:
    """Which settings are meant; all of them where none is named."""
    unknown = [name for name in names if name not in settings]
    if unknown:
        remedy = f"Name one of: {', '.join(settings)}."
        raise SendError(f"Unknown setting: {unknown[0]}", where="action", remedy=remedy)
    return np.array([not names or setting in names for setting in settings])


def _change_joiners(rates: Rates, action: Action, states: States, people: Floats) -> Rates:
    return replace(rates, join=np.clip(rates.join * action.multiply, 0, 1))


def _change_leavers(rates: Rates, action: Action, states: States, people: Floats) -> Rates:
    chosen = _places(action.from_settings, states.settings)
    factor = np.where(chosen, action.multiply, 1.0)[:, np.newaxis]
    return replace(rates, leave=np.clip(rates.leave * factor, 0, 1))


def _change_moves(rates: Rates, action: Action, states: States, people: Floats) -> Rates:
    """Multiply the chance of going from some settings to others, and leave other moves alone."""
    leaving = _places(action.from_settings, states.settings)
    entered = _places(action.to_settings, states.settings)
    factor = np.where(leaving[:, np.newaxis] & entered, action.multiply, 1.0)
    weighted = rates.destination * factor[:, np.newaxis, :]
    total = weighted.sum(axis=-1)
    move = np.clip(rates.move * total[:, np.newaxis], 0, 1)
    weighted /= np.where(total > 0, total, 1)[..., np.newaxis]
    # Nobody moves where every destination is closed; the row must still add up for the draw.
    is_closed = total <= 0
    return replace(
        rates,
        move=move,
        destination=np.where(is_closed[..., np.newaxis], rates.destination, weighted),
    )


def _change_placements(rates: Rates, action: Action, states: States, people: Floats) -> Rates:
    """Bring the share of some settings among a year's new plans to a share, or a multiple of it.

    The same share of every other placement is turned to them (or of theirs turned away), so that
    the ages and needs of new plans stay as they are.
    """
    chosen = _places(action.to_settings, states.settings)
    weight = (rates.join * people)[:, :, np.newaxis]
    inside = rates.placement[..., chosen].sum(axis=3)
    total = rates.placement.sum(axis=3)
    now = (weight * inside).sum(axis=(1, 2)) / (weight * total).sum(axis=(1, 2))
    wanted = np.clip(now * action.multiply if action.share is None else action.share, 0, 1)
    turned = np.where(wanted > now, (wanted - now) / np.maximum(1 - now, 1e-12), 0)
    kept = np.where(wanted < now, wanted / np.maximum(now, 1e-12), 1)
    after = inside + (total - inside) * turned[:, np.newaxis, np.newaxis]
    after = np.clip(after * kept[:, np.newaxis, np.newaxis], 0, total)
    placement = np.empty_like(rates.placement)
    placement[..., chosen] = _scaled(rates.placement[..., chosen], after)
    placement[..., ~chosen] = _scaled(rates.placement[..., ~chosen], total - after)
    return replace(rates, placement=placement)


def _scaled(shares: Floats, total: Floats) -> Floats:
    """Shares along the last axis in their proportions, or evenly where all are nought."""
    now = shares.sum(axis=-1, keepdims=True)
    proportions = np.where(
        now > 0, shares / np.where(now > 0, now, 1), 1 / max(shares.shape[-1], 1)
    )
    return np.asarray(proportions * total[..., np.newaxis])


CHANGES = {
    "joiners": _change_joiners,
    "placements": _change_placements,
    "leavers": _change_leavers,
    "moves": _change_moves,
}
