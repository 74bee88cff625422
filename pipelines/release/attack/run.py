"""The attack: all that is printed and all that is known in one system, and what it gives away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import numpy as np

from pipelines.analysis.narrowing import Ranges, Row, System, blocks, ranges, whole_ranges
from pipelines.release.attack.origins import Cell, Count, Origin
from pipelines.release.attack.printed import INFINITE, Printed
from pipelines.release.attack.structure import Fact, Known, Variable
from pipelines.release.attack.trim import trimmed
from pipelines.release.rounding import LARGEST_HIDDEN, LEAST_POSSIBLE

# So many of the narrowest cells are looked at again with whole numbers only.
LOOKED_AT_AGAIN = 25
# So many narrow counts of one block are mended before its others are asked for: what frees one
# mostly frees its neighbours too.
FOUND_AT_ONCE = 12


class Narrow(NamedTuple):
    """A count of which too much can be known, with how many values are left for it."""

    variable: Variable
    low: float
    high: float
    possible: int


class Close(NamedTuple):
    """A count that passed, with how many values were seen to be left for it."""

    possible: float
    variable: Variable


class Size(NamedTuple):
    """How large an attack was.

    Attributes:
        sought: how many counts were sought.
        block_count, largest_block: how the counts fall apart; the cost grows with the largest.
    """

    sought: int
    block_count: int
    largest_block: int


@dataclass(frozen=True)
class Verdict:
    """How an attack went.

    Attributes:
        narrow: counts of which too much can be known; empty is what a release needs. Of a block
            that has many only the first are found.
        unasked: the others of such a block.
        closest: the narrowest that passed, which are looked at again as whole numbers.
        size: of the attack.
    """

    narrow: tuple[Narrow, ...]
    unasked: frozenset[Variable]
    closest: tuple[Close, ...]
    size: Size


@dataclass
class Attack:
    """All that somebody knows who holds every public figure.

    Attributes:
        origins: the counts behind each number.
        known: how the counts of each return hang together.
        printed: by count, or sum of counts, the numbers that print it.
        sought: the counts that are printed, alone or in a sum, and those sums.
    """

    origins: Mapping[Cell, Origin]
    known: Sequence[Known]
    printed: dict[Variable, list[Printed]] = field(default_factory=dict)
    sought: set[Variable] = field(default_factory=set)
    _at: dict[Variable, int] = field(default_factory=dict)
    _lower: list[float] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _rows: list[Row] = field(default_factory=list)
    _public: set[int] = field(default_factory=set)
    _told: set[Variable] = field(default_factory=set)
    _whole: System | None = None

    def read(self, numbers: Iterable[Printed]) -> None:
        """Take in what is printed. A number that rests on no count of the council is passed by."""
        for number in numbers:
            own = self.origins.get(number.cell._replace(period=number.period))
            origin = own or self.origins.get(number.cell, ())
            if not origin:
                continue
            said_of = self._said_of(number, origin)
            self.printed.setdefault(said_of, []).append(number)
            self._whole = None
            self.sought.update({said_of, *(_of(number, count) for count, _ in origin)})
            column = self._column(said_of)
            self._lower[column] = max(self._lower[column], number.low)
            self._upper[column] = min(self._upper[column], number.high)
            if number.is_exact:
                self._public.add(column)

    def learn(self, facts: Iterable[Fact]) -> None:
        """Take in counts that somebody else has published: they are no secret of ours."""
        for variable, value in facts:
            self._whole = None
            self._told.add(variable)
            column = self._column(variable)
            self._lower[column] = self._upper[column] = value
            self._public.add(column)

    def verdict(
        self, among: Iterable[Variable] | None = None, also: Iterable[Close] = ()
    ) -> Verdict:
        """What can be known of every count that is printed rounded or hidden.

        among: only these counts, where the others are known to be safe.
        also: those that came closest among the others, which are asked for again as whole numbers.

        Raises:
            NoSolutionError: what is printed contradicts itself.
        """
        system = self.system()
        wanted = self.sought if among is None else among
        sought = sorted({self._at[variable] for variable in wanted} - self._public)
        found = ranges(system, sought, LEAST_POSSIBLE, stop_after=FOUND_AT_ONCE)
        narrow = self._narrow_of(found)
        unasked = frozenset(self.variables()[column] for column in found.unasked)
        closest = self._closest(found, also)
        if not narrow and not unasked:
            # Only where all pass: as long as one does not, more will be withheld.
            asked = [self._at[item.variable] for item in closest]
            narrow = self._narrow_of(whole_ranges(system, asked))
        sizes = [len(block) for block in blocks(system)]
        size = Size(len(sought), len(sizes), max(sizes, default=0))
        return Verdict(narrow, unasked, closest, size)

    def system(self) -> System:
        """What is printed, and how the counts of each return hang together."""
        if self._whole is None:
            touched = self._touched()
            rows = [*self._rows, *(self._tied(known) for known in touched)]
            self._whole = System(np.array(self._lower), np.array(self._upper), tuple(rows))
            self._public |= self._same_as_public(touched)
        return self._whole

    def column_of(self, variable: Variable) -> int:
        """Where a variable stands in the system."""
        return self._at[variable]

    def variables(self) -> list[Variable]:
        """All variables, in the order of the system's columns."""
        return list(self._at)

    def is_public(self, variable: Variable) -> bool:
        """Whether a count is public as it is, by the measure's declaration or from elsewhere."""
        return self._at[variable] in self._public

    def is_rounded(self, variable: Variable) -> bool:
        """Whether a count is printed rounded: neither hidden, nor withheld, nor as it is."""
        high = self._upper[self._at[variable]]
        return not self.is_public(variable) and LARGEST_HIDDEN < high < INFINITE

    def _narrow_of(self, found: Ranges) -> tuple[Narrow, ...]:
        """The counts of which too few values are left."""
        names = self.variables()
        rows = zip(found.columns, found.low, found.high, found.possible_values, strict=True)
        return tuple(
            Narrow(names[column], float(low), float(high), int(left))
            for column, low, high, left in rows
            if left < LEAST_POSSIBLE
        )

    def _closest(self, found: Ranges, also: Iterable[Close]) -> tuple[Close, ...]:
        """The narrowest of those that passed: whole counts may be known better than shares."""
        names = self.variables()
        order = np.argsort(found.possible_values, kind="stable")
        passed = (
            Close(float(found.possible_values[place]), names[found.columns[place]])
            for place in order
            if found.possible_values[place] >= LEAST_POSSIBLE
        )
        return tuple(sorted({*also, *islice(passed, LOOKED_AT_AGAIN)})[:LOOKED_AT_AGAIN])

    def _same_as_public(self, touched: Iterable[Known]) -> set[int]:
        """Counts that are another name of one that is public as it is."""
        same = [
            {self._at[variable] for variable in _variables(known)}
            for known in touched
            if known.is_equal and len(known.parts) == 1
        ]
        return {column for pair in same if pair & self._public for column in pair}

    def _said_of(self, number: Printed, origin: Origin) -> Variable:
        """What the number prints: one count, or a sum that becomes a variable of its own."""
        if len(origin) == 1 and origin[0][1] == 1:
            return _of(number, origin[0][0])
        name = _of(number, number.cell)
        columns = [self._column(_of(number, count)) for count, _ in origin]
        weights = tuple(weight for _, weight in origin)
        self._rows.append(Row((self._column(name), *columns), (-1.0, *weights), 0.0, 0.0))
        return name

    def _column(self, variable: Variable) -> int:
        if variable not in self._at:
            self._at[variable] = len(self._at)
            # A difference of counts may lie below nought, a count may not.
            self._lower.append(-INFINITE if isinstance(variable.counted, Cell) else 0.0)
            self._upper.append(INFINITE)
        return self._at[variable]

    def _touched(self) -> list[Known]:
        """What is known of printed counts, and of what these hang together with, and so on."""
        reached = {*self._told, *self.sought}
        touched: list[Known] = []
        rest = [(known, _variables(known)) for known in trimmed(self.known, reached)]
        while True:
            near = [known for known, variables in rest if not reached.isdisjoint(variables)]
            if not near:
                return touched
            touched += near
            rest = [item for item in rest if reached.isdisjoint(item[1])]
            reached.update(variable for known in near for variable in _variables(known))

    def _tied(self, known: Known) -> Row:
        whole, *parts = (self._column(variable) for variable in _variables(known))
        weights = (1.0, *(-1.0 for _ in parts))
        return Row((whole, *parts), weights, 0.0, 0.0 if known.is_equal else INFINITE)


def _of(number: Printed, counted: Count | Cell) -> Variable:
    return Variable(number.vintage, number.period, counted)


def _variables(known: Known) -> tuple[Variable, ...]:
    return (known.whole, *known.parts)
