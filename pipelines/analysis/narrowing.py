"""How far can somebody narrow a hidden count who knows all the others and how they hang together?

A linear programme over every cell: each cell has the bounds that what is printed of it leaves, and
rows say which cells add up to which. The least and the greatest value that a cell can take is what
an attacker can know of it. Cells that no row connects are looked at apart: the cost is that of the
largest connected block, not of all cells together.

Source: the project's methods, section 5; HiGHS (https://highs.dev) solves the programmes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import SendError

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]
Columns = NDArray[np.int64]

# How far from a whole number a solver's answer may lie.
TOLERANCE = 1e-6
# More than any count of an authority: a bound for the solver only.
FAR = 1e7
# Quiet, one thread, and the primal simplex (4).
OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "presolve": "off",
    "simplex_strategy": 4,
}
# Many cells are pushed at once as long as one solution shows so many of them to be wide.
WORTH_ANOTHER = 3
# How far from its end a push of whole counts may stop, by its share of the sum.
NEAR_ENOUGH = 0.02


class NoSolutionError(SendError):
    """What is printed contradicts itself."""


@dataclass(frozen=True)
class Row:
    """What is known of a sum of cells: low <= weights x cells <= high."""

    columns: tuple[int, ...]
    weights: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True)
class System:
    """All that an attacker knows.

    Attributes:
        lower: (n,) least value of each cell, by what is printed of it alone; counts.
        upper: (n,) greatest value; inf where nothing is printed.
        rows: what connects them.
        fractions: columns that need not be whole, such as a sum of weeks.
    """

    lower: Floats
    upper: Floats
    rows: tuple[Row, ...]
    fractions: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ranges:
    """What can be known of the cells asked for.

    Attributes:
        columns: (m,) the cells.
        low: (m,) least value; where the search stopped early, a value that is possible.
        high: (m,) greatest value, likewise.
        unasked: cells of a block in which enough narrow ones were found to stop.
    """

    columns: Columns
    low: Floats
    high: Floats
    unasked: Columns

    @property
    def possible_values(self) -> NDArray[np.float64]:
        """(m,) how many whole numbers lie between; inf where there is no upper bound."""
        return _possible(self.low, self.high)


def blocks(system: System) -> list[Columns]:
    """Cells that rows connect, directly or through others; the cells of a block in their order."""
    leader = np.arange(len(system.lower))

    def first(column: int) -> int:
        while leader[column] != column:
            leader[column] = leader[leader[column]]
            column = int(leader[column])
        return column

    for row in system.rows:
        one = first(row.columns[0])
        for column in row.columns[1:]:
            leader[first(column)] = one
    leaders = np.array([first(column) for column in range(len(leader))])
    order = np.argsort(leaders, kind="stable")
    cuts = np.flatnonzero(np.diff(leaders[order])) + 1
    return [np.sort(block) for block in np.split(order, cuts)]


def ranges(
    system: System,
    targets: Sequence[int],
    enough: int,
    *,
    spare: int = 0,
    stop_after: int | None = None,
    seed: int = 0,
) -> Ranges:
    """What can be known of each target, searched until `enough` whole values are seen to be left.

    targets: columns. enough: number of possible values from which a cell counts as safe.
    spare: so many more are looked for, to see which cells are safe by how little.
    stop_after: narrow cells of one block after which its other cells are not asked for.
    seed: of the solutions that are looked at first; the verdict does not depend on it.

    Raises:
        NoSolutionError: no counts agree with all that is printed.
    """
    wanted = np.unique(np.asarray(targets, dtype=np.int64))
    low, high = np.full(len(system.lower), np.inf), np.full(len(system.lower), -np.inf)
    unasked = [
        _widened(
            programme, asked, (low, high), enough, enough + spare, stop_after or len(asked), seed
        )
        for programme, asked in _programmes(system, wanted)
    ]
    left = np.concatenate([*unasked, wanted[:0]])
    return _of(np.setdiff1d(wanted, left), low, high, left)


def whole_ranges(system: System, targets: Sequence[int], enough: int) -> Ranges:
    """The same for whole counts, which can be known better: every cell is an integer. Slower.

    A cell that fewer than `enough` values are seen for is exact; of the others, what is seen.
    """
    wanted = np.sort(np.asarray(targets, dtype=np.int64))
    seen = np.full(len(system.lower), np.inf), np.full(len(system.lower), -np.inf)
    for programme, asked in _programmes(system, wanted, whole=True):
        _widened(programme, asked, seen, enough, enough, len(asked))
    return _of(wanted, *seen, wanted[:0])


def holding(system: System, targets: Sequence[int]) -> dict[int, frozenset[int]]:
    """By target, the columns whose own bounds keep it from being smaller or greater.

    Widen one of them, and the target may widen too; widen another, and it cannot.
    """
    found: dict[int, frozenset[int]] = {}
    for programme, asked in _programmes(system, np.sort(np.asarray(targets, dtype=np.int64))):
        for column in map(int, asked):
            held: set[int] = set()
            for direction in (-1, +1):
                programme.extreme(column, direction)
                held.update(int(holder) for holder in programme.holders())
            found[column] = frozenset(held)
    return found


def _programmes(
    system: System, targets: Columns, *, whole: bool = False
) -> Iterator[tuple[_Programme, Columns]]:
    """One programme for each block that holds a target, with its targets."""
    rows: dict[int, list[Row]] = {}
    for row in system.rows:
        rows.setdefault(row.columns[0], []).append(row)
    for block in blocks(system):
        asked = targets[np.isin(targets, block)]
        if len(asked):
            own = [row for column in block for row in rows.get(int(column), ())]
            yield _Programme(system, block, own, whole=whole), asked


def _widened(
    programme: _Programme,
    asked: Columns,
    seen: tuple[Floats, Floats],
    enough: int,
    until: int,
    stop_after: int,
    seed: int = 0,
) -> Columns:
    """Widen what is seen of the asked cells of one block, and give those that were not asked for.

    First all that are still narrow are pushed at once, up or down by chance, and the other way;
    when that shows little more, each of the rest is asked for by itself, and the answer is exact.
    """
    generator = np.random.default_rng(seed)
    narrow = asked
    while len(narrow):
        directions = generator.choice((-1.0, 1.0), len(narrow))
        # There and back: one push shows one value of each, and nothing is wide by one.
        for way in (directions, -directions):
            pushed = programme.best(programme.weights(narrow, way), gap=NEAR_ENOUGH)
            _note(programme, pushed, *seen)
        before, narrow = len(narrow), _still_narrow(narrow, seen, until)
        if before - len(narrow) < WORTH_ANOTHER:
            break
    return _widened_one_by_one(programme, narrow, seen, enough, until, stop_after)


def _widened_one_by_one(
    programme: _Programme,
    narrow: Columns,
    seen: tuple[Floats, Floats],
    enough: int,
    until: int,
    stop_after: int,
) -> Columns:
    """Ask for each cell by itself until so many are found narrow; gives those not asked for."""
    low, high = seen
    found = 0
    for place, column in enumerate(narrow):
        if found == stop_after:
            return narrow[place:]
        for direction in (-1, +1):
            if _possible(low[column], high[column]) >= until:
                break
            _note(programme, programme.extreme(int(column), direction), low, high)
        found += int(_possible(low[column], high[column]) < enough)
    return narrow[:0]


def _still_narrow(columns: Columns, seen: tuple[Floats, Floats], enough: int) -> Columns:
    low, high = seen
    still: Columns = columns[_possible(low[columns], high[columns]) < enough]
    return still


def _note(programme: _Programme, values: Floats, low: Floats, high: Floats) -> None:
    block = programme.block
    low[block], high[block] = np.minimum(low[block], values), np.maximum(high[block], values)


def _of(columns: Columns, low: Floats, high: Floats, unasked: Columns) -> Ranges:
    """What was seen of the columns; what only the solver's own bound stopped has no bound."""
    least = np.where(low[columns] <= -FAR / 2, -np.inf, low[columns])
    most = np.where(high[columns] >= FAR / 2, np.inf, high[columns])
    return Ranges(columns, least, most, unasked)


def _possible(low: Floats, high: Floats) -> Floats:
    """How many whole numbers lie between."""
    count: Floats = np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) + 1
    return count


class _Programme:
    """One block in the solver, kept warm from question to question.

    Only the question changes, so the last answer stays possible: the primal simplex goes on from it
    and took a third of the dual one's time.
    """

    def __init__(
        self, system: System, block: Columns, rows: Sequence[Row], *, whole: bool = False
    ) -> None:
        import highspy

        self.block = block
        self._at = {int(column): place for place, column in enumerate(block)}
        self._places = np.arange(len(block), dtype=np.int32)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._solver = highspy.Highs()
        for option, value in OPTIONS.items():
            self._solver.setOptionValue(option, value)
        self._solver.passModel(self._model(system, rows, whole))

    def extreme(self, column: int, direction: int) -> Floats:
        """A solution in which one cell is as small (-1) or as great (+1) as it can be."""
        return self.best(self.weights(np.array([column]), np.array([float(direction)])))

    def weights(self, columns: Columns, values: Floats) -> Floats:
        """(block) what some cells weigh; the others nothing."""
        found = np.zeros(len(self.block))
        found[[self._at[int(column)] for column in columns]] = values
        return found

    def best(self, weights: Floats, *, gap: float = 0.0) -> Floats:
        """(block) a solution that makes the weighted sum as great as it can be.

        gap: of whole counts, by what share of the sum it may stay below that.
        """
        self._solver.setOptionValue("mip_rel_gap", gap)
        self._solver.changeColsCost(len(self._places), self._places, -weights)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != self._optimal:
            raise NoSolutionError(
                "the figures that would be public contradict each other",
                where=f"{len(self.block)} connected cells, {status.name}",
                remedy="Look for a figure that is not what its identities say.",
            )
        return np.asarray(self._solver.getSolution().col_value)

    def holders(self) -> Columns:
        """Columns whose bounds hold the last answer: their reduced cost is not nought."""
        costs = np.asarray(self._solver.getSolution().col_dual)
        held: Columns = self.block[np.abs(costs) > TOLERANCE]
        return held

    def _model(self, system: System, rows: Sequence[Row], whole: bool) -> highspy.HighsLp:
        import highspy

        infinite = highspy.kHighsInf
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.block), len(rows)
        model.col_cost_ = np.zeros(len(self.block))
        # Nothing is unbounded to the solver: a cell without a bound ends far away.
        lower, upper = system.lower[self.block], system.upper[self.block]
        model.col_lower_ = np.where(np.isinf(lower), -FAR, lower)
        model.col_upper_ = np.where(np.isinf(upper), FAR, upper)
        model.row_lower_ = np.array([max(row.low, -infinite) for row in rows])
        model.row_upper_ = np.array([min(row.high, infinite) for row in rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)])
        model.a_matrix_.index_ = np.array([self._at[c] for row in rows for c in row.columns])
        model.a_matrix_.value_ = np.array([w for row in rows for w in row.weights], dtype=float)
        if whole:
            # What is public as it is need not be whole: posts are not, and pounds.
            kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
            free = (lower == upper) | np.isin(self.block, [*system.fractions])
            model.integrality_ = [kinds[int(is_free)] for is_free in free]
        return model
