"""The attack: all that is printed and all that is known in one system, and what it gives away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipelines.analysis.narrowing import Ranges, Row, System, blocks, ranges, whole_ranges
from pipelines.release.attack.origins import Cell, Count, Origin
from pipelines.release.attack.printed import INFINITE, Printed
from pipelines.release.attack.structure import Fact, Known, Variable, sum_variable
from pipelines.release.attack.trim import trimmed
from pipelines.release.attack.verdict import Close, Narrow, Size, Verdict
from pipelines.release.rounding import LARGEST_HIDDEN, LEAST_POSSIBLE

# As many of the narrowest cells at least are looked at again with whole numbers only.
LOOKED_AT_AGAIN = 25
# So many narrow counts of one block are mended before its others are asked for: what frees one
# mostly frees its neighbours too.
FOUND_AT_ONCE = 12


@dataclass
class Attack:
    """All that somebody knows who holds every public figure.

    Attributes:
        origins: the counts behind each number.
        known: how the counts of each return hang together.
        printed: by count, or sum of counts, the numbers that print it.
        sought: the counts that are printed, alone or in a sum, and those sums.
        heard: the counts and sums of which an earlier release tells something for good.
    """

    origins: Mapping[Cell, Origin]
    known: Sequence[Known]
    printed: dict[Variable, list[Printed]] = field(default_factory=dict)
    sought: set[Variable] = field(default_factory=set)
    heard: set[Variable] = field(default_factory=set)
    _at: dict[Variable, int] = field(default_factory=dict)
    _lower: list[float] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _rows: list[Row] = field(default_factory=list)
    _public: set[int] = field(default_factory=set)
    _told: set[Variable] = field(default_factory=set)
    _fractions: set[int] = field(default_factory=set)
    _whole: System | None = None

    def read(self, numbers: Iterable[Printed]) -> None:
        """Take in what is printed. A number that rests on no count of the council is passed by."""
        for number, origin in self._followed(numbers):
            if number.cell.part == "mean":
                self._tie_sum(number, origin, is_heard=False)
                continue
            said_of = self._take_in(number, origin)
            self.printed.setdefault(said_of, []).append(number)
            self.sought.update({said_of, *(_of(number, count) for count, _ in origin)})

    def hear(self, numbers: Iterable[Printed]) -> None:
        """Take in what an earlier release prints: nobody can withhold that any more."""
        for number, origin in self._followed(numbers):
            if number.high == INFINITE:
                continue
            if number.cell.part == "mean":
                self._tie_sum(number, origin, is_heard=True)
                continue
            said_of = self._take_in(number, origin)
            self.heard.add(said_of)
            self._told.update({said_of, *(_of(number, count) for count, _ in origin)})

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
        found = ranges(system, sought, LEAST_POSSIBLE, spare=1, stop_after=FOUND_AT_ONCE)
        narrow = self._narrow_of(found)
        unasked = frozenset(self.variables()[column] for column in found.unasked)
        closest = self._closest(found, also)
        looked_at: tuple[Narrow, ...] = ()
        if not narrow and not unasked:
            # Only where all pass: as long as one does not, more will be withheld.
            asked = [self._at[item.variable] for item in closest]
            looked_at = self._known_of(whole_ranges(system, asked, LEAST_POSSIBLE))
            narrow = tuple(item for item in looked_at if item.possible < LEAST_POSSIBLE)
        sizes = [len(block) for block in blocks(system)]
        size = Size(len(sought), len(sizes), max(sizes, default=0))
        return Verdict(narrow, unasked, closest, size, looked_at=looked_at)

    def system(self) -> System:
        """What is printed, and how the counts of each return hang together."""
        if self._whole is None:
            touched = self._touched()
            rows = [*self._rows, *(self._tied(known) for known in touched)]
            self._whole = System(
                np.array(self._lower),
                np.array(self._upper),
                tuple(rows),
                frozenset(self._fractions),
            )
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
        """Whether it is printed rounded, and only now: not hidden, withheld, or as it is."""
        is_only_now = variable not in self.heard and not self.is_public(variable)
        if isinstance(variable.counted, Cell) and variable.counted.part == "mean":
            return is_only_now and variable in self.printed
        high = self._upper[self._at[variable]]
        return is_only_now and LARGEST_HIDDEN < high < INFINITE

    def _narrow_of(self, found: Ranges) -> tuple[Narrow, ...]:
        """The counts of which too few values are left."""
        return tuple(item for item in self._known_of(found) if item.possible < LEAST_POSSIBLE)

    def _known_of(self, found: Ranges) -> tuple[Narrow, ...]:
        """What can be known of each count that was asked for."""
        names = self.variables()
        rows = zip(found.columns, found.low, found.high, found.possible_values, strict=True)
        return tuple(
            Narrow(names[column], float(low), float(high), float(left))
            for column, low, high, left in rows
        )

    def _closest(self, found: Ranges, also: Iterable[Close]) -> tuple[Close, ...]:
        """Those that passed with no value to spare, and others up to some number.

        Whole counts may be known better than shares of them.
        """
        names = self.variables()
        rows = zip(found.possible_values, found.columns, strict=True)
        passed = {Close(float(left), names[column]) for left, column in rows}
        close = sorted({*also, *(item for item in passed if item.possible >= LEAST_POSSIBLE)})
        bare = sum(item.possible < LEAST_POSSIBLE + 1 for item in close)
        return tuple(close[: max(bare, LOOKED_AT_AGAIN)])

    def _same_as_public(self, touched: Iterable[Known]) -> set[int]:
        """Counts that are another name of one that is public as it is."""
        same = [
            {self._at[variable] for variable in _variables(known)}
            for known in touched
            if known.is_equal and len(known.parts) == 1
        ]
        return {column for pair in same if pair & self._public for column in pair}

    def _followed(self, numbers: Iterable[Printed]) -> Iterator[tuple[Printed, Origin]]:
        """The numbers that rest on counts of the council, with these."""
        for number in numbers:
            cell = number.cell
            asked = cell._replace(part="denominator") if cell.part == "mean" else cell
            own = self.origins.get(asked._replace(period=number.period))
            origin = own or self.origins.get(asked, ())
            if origin:
                yield number, origin

    def _tie_sum(self, number: Printed, origin: Origin, *, is_heard: bool) -> None:
        """What a mean says: the sum over so many cases lies between so many times two numbers.

        Each of the two is a variable that cannot lie below nought, so that one sees which mean it
        is that holds a count.
        """
        if len(origin) != 1 or number.high == INFINITE:
            return
        self._whole = None
        total = sum_of(number)
        whole, cases = self._column(total), self._column(_of(number, origin[0][0]))
        self._fractions.add(whole)
        self._told.add(total)
        for end, sign, times in (("least", 1.0, number.low), ("most", -1.0, number.high)):
            name = _of(number, number.cell._replace(period=end))
            column = self._column(name)
            self._lower[column] = 0.0
            self._fractions.add(column)
            self._rows.append(Row((column, whole, cases), (-1.0, sign, -sign * times), 0.0, 0.0))
            if is_heard:
                self.heard.add(name)
            elif not number.is_hidden:
                self.printed.setdefault(name, []).append(number)

    def _take_in(self, number: Printed, origin: Origin) -> Variable:
        """Narrow what can be by one number; what it is said of."""
        self._whole = None
        said_of = self._said_of(number, origin)
        column = self._column(said_of)
        self._lower[column] = max(self._lower[column], number.low)
        self._upper[column] = min(self._upper[column], number.high)
        if number.is_exact:
            self._public.add(column)
        return said_of

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


def sum_of(number: Printed) -> Variable:
    """What a mean is a mean of, over all its cases."""
    cell = number.cell
    return sum_variable(number.vintage, number.period, cell.kpi, cell.topic, cell.breakdown)


def _of(number: Printed, counted: Count | Cell) -> Variable:
    return Variable(number.vintage, number.period, counted)


def _variables(known: Known) -> tuple[Variable, ...]:
    return (known.whole, *known.parts)
