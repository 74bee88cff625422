"""What successive returns say about children: who stayed, moved, left and joined, as counts.

Nothing random and nothing assumed: priors and draws are in cohort_rates.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.analysis.ranges import Floats
from pipelines.errors import SendError

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class States:
    """The names along the three axes of a state; year groups follow each other, youngest first."""

    needs: tuple[str, ...]
    settings: tuple[str, ...]
    year_groups: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Numbers of needs, settings and year groups."""
        return len(self.needs), len(self.settings), len(self.year_groups)


@dataclass(frozen=True)
class Return:
    """The children with a plan on one census day; all arrays have one entry a child.

    Args:
        year: the January.
        child: a whole number in place of the pseudonym, the same in every return.
        need, setting, year_group: places along the axes of States.
    """

    year: int
    child: Counts
    need: Counts
    setting: Counts
    year_group: Counts


@dataclass(frozen=True)
class Flows:
    """Counts over all pairs of successive returns.

    Args:
        states: the axes.
        last_year: the year of the last return.
        stock: its children by state; shape (needs, settings, year groups), as for the next three.
        at_risk: children in the earlier return of each pair.
        left: those of them who are not in the later one.
        moved: those who are, in another setting.
        moves: by setting before, year group before and setting after.
        joined: new children of each pair by their year group; shape (pairs, year groups).
        placed: new children by year group, need and setting.
        population: people of the area in the later year of each pair; shape of joined.
    """

    states: States
    last_year: int
    stock: Counts
    at_risk: Counts
    left: Counts
    moved: Counts
    moves: Counts
    joined: Counts
    placed: Counts
    population: Floats


def count_flows(states: States, returns: Sequence[Return], population: ArrayLike) -> Flows:
    """Match each return with the next and count.

    population: shape (returns - 1, year groups), for the later year of each pair. Where it is not
    known by year group, spread the total evenly: only its changes matter much.
    Raises SendError unless the returns are of successive years, at least two.
    """
    years = [received.year for received in returns]
    if len(years) < 2 or years != list(range(years[0], years[0] + len(years))):
        raise SendError(
            f"A projection needs returns of successive years; these are of {years}.",
            where="cohort model",
            remedy="Take in the missing return, or use the projection from published totals.",
        )
    pairs = [_Pair.of(states, earlier, later) for earlier, later in pairwise(returns)]
    return Flows(
        states=states,
        last_year=years[-1],
        stock=_by_state(states, returns[-1]),
        at_risk=sum((_by_state(states, earlier) for earlier in returns[:-1]), start=_none(states)),
        left=sum((pair.left for pair in pairs), start=_none(states)),
        moved=sum((pair.moved for pair in pairs), start=_none(states)),
        moves=np.sum([pair.moves for pair in pairs], axis=0),
        joined=np.stack([pair.placed.sum(axis=(1, 2)) for pair in pairs]),
        placed=np.sum([pair.placed for pair in pairs], axis=0),
        population=np.asarray(population, np.float64),
    )


@dataclass(frozen=True)
class _Pair:
    left: Counts
    moved: Counts
    moves: Counts
    placed: Counts

    @classmethod
    def of(cls, states: States, earlier: Return, later: Return) -> _Pair:
        needs, settings, groups = states.shape
        _, before, after = np.intersect1d(
            earlier.child, later.child, assume_unique=True, return_indices=True
        )
        is_gone = np.ones(len(earlier.child), bool)
        is_gone[before] = False
        is_new = np.ones(len(later.child), bool)
        is_new[after] = False
        has_moved = earlier.setting[before] != later.setting[after]
        from_place, to_place = before[has_moved], after[has_moved]
        return cls(
            left=_by_state(states, earlier, is_gone),
            moved=_by_state(states, earlier, from_place),
            moves=_cells(
                (settings, groups, settings),
                earlier.setting[from_place],
                earlier.year_group[from_place],
                later.setting[to_place],
            ),
            placed=_cells(
                (groups, needs, settings),
                later.year_group[is_new],
                later.need[is_new],
                later.setting[is_new],
            ),
        )


def _by_state(
    states: States, received: Return, chosen: Counts | NDArray[np.bool_] | slice = slice(None)
) -> Counts:
    axes = (received.need[chosen], received.setting[chosen], received.year_group[chosen])
    return _cells(states.shape, *axes)


def _cells(shape: tuple[int, int, int], *axes: Counts) -> Counts:
    """How many children stand in each cell."""
    places = np.ravel_multi_index(axes, shape)
    return np.bincount(places, minlength=int(np.prod(shape))).reshape(shape)


def _none(states: States) -> Counts:
    return np.zeros(states.shape, np.int64)
