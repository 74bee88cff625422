"""The same counts are narrow whether or not idle parts are left out of the attack."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from pipelines.analysis.narrowing import ranges
from pipelines.release.attack import run
from pipelines.release.attack.origins import Cell, Count
from pipelines.release.attack.printed import Printed
from pipelines.release.attack.run import Attack
from pipelines.release.attack.structure import Fact, Known, Variable
from pipelines.release.attack.trim import trimmed
from pipelines.release.rounding import LEAST_POSSIBLE

COUNTIES = 100
GROUPS = ("Female", "Male")
PLACES = (("All", "All"), *(("Sex", group) for group in GROUPS))
Trim = Callable[[Sequence[Known], object], list[Known]]


def variable(indicator: str, place: tuple[str, str] = PLACES[0]) -> Variable:
    return Variable("2026", "2026-01", Count("caseload", indicator, *place))


def by_sex(indicator: str) -> Known:
    """The girls and the boys are all of them."""
    parts = tuple(variable(indicator, place) for place in PLACES[1:])
    return Known(variable(indicator), parts, True)


def everywhere(whole: str, parts: Sequence[str], is_equal: bool) -> list[Known]:
    """A sum that holds in the whole area and in each of its groups."""
    return [
        Known(variable(whole, place), tuple(variable(part, place) for part in parts), is_equal)
        for place in PLACES
    ]


@dataclass(frozen=True)
class County:
    """What is known of a county that never existed, and what is printed of it."""

    known: list[Known]
    printed: list[Printed]
    facts: list[Fact]

    def verdict(self) -> dict[Variable, tuple[float, float]]:
        """Every narrow count with the least and the greatest that it can be."""
        origins = {number.cell: ((_count(number.cell), 1.0),) for number in self.printed}
        attack = Attack(origins, self.known)
        attack.read(self.printed)
        attack.learn(self.facts)
        system = attack.system()
        asked = [attack.column_of(each) for each in sorted(attack.sought)]
        found = ranges(system, asked, LEAST_POSSIBLE)
        names = attack.variables()
        rows = zip(found.columns, found.low, found.high, found.possible_values, strict=True)
        return {
            names[column]: (round(float(low), 4), round(float(high), 4))
            for column, low, high, left in rows
            if left < LEAST_POSSIBLE
        }

    def told(self) -> set[Variable]:
        """The counts of which something is printed, by us or by others."""
        own = {Variable("2026", "2026-01", _count(number.cell)) for number in self.printed}
        return own | {fact.variable for fact in self.facts}


def _count(made_of: Cell) -> Count:
    return Count("caseload", made_of.kpi, made_of.topic, made_of.breakdown)


def county(seed: int) -> County:
    """Kinds of school and two or three totals of them, most kinds never printed, by sex."""
    draw = random.Random(seed)  # noqa: S311
    kinds = [f"kind_{number}" for number in range(draw.randrange(3, 7))]
    truth = {
        (kind, place): draw.choice((0, 1, 2, 4, 9, 20)) for kind in kinds for place in PLACES[1:]
    }
    sums = {
        f"total_{number}": draw.sample(kinds, draw.randrange(2, len(kinds) + 1))
        for number in range(draw.randrange(1, 4))
    }
    known: list[Known] = []
    for whole, parts in sums.items():
        is_equal = draw.random() < 0.7
        outside = 0 if is_equal else draw.randrange(5)
        for place in PLACES[1:]:
            truth[whole, place] = outside + sum(truth[part, place] for part in parts)
        known += everywhere(whole, parts, is_equal)
    names = [*kinds, *sums]
    for name in names:
        truth[name, PLACES[0]] = sum(truth[name, place] for place in PLACES[1:])
    known += [by_sex(name) for name in names]
    told = [*sums, *(kind for kind in kinds if draw.random() < 0.6)]
    numbers = [
        as_the_rule_prints(name, place, truth[name, place], is_exact=name in sums)
        for name in told
        for place in PLACES
    ]
    facts = [Fact(variable(name), float(truth[name, PLACES[0]])) for name in draw.sample(kinds, 1)]
    return County(known, numbers, facts)


def as_the_rule_prints(name: str, place: tuple[str, str], count: int, *, is_exact: bool) -> Printed:
    made_of = Cell(name, "numerator", *place)
    if is_exact:
        return Printed("2026", "2026-01", made_of, count, count, True)
    if count <= 7:
        return Printed("2026", "2026-01", made_of, 0, 7, False)
    near = 5 * round(count / 5)
    return Printed("2026", "2026-01", made_of, max(near - 2, 8), near + 2, False)


def with_trim(monkeypatch: pytest.MonkeyPatch, trim: Trim, made: County) -> object:
    with monkeypatch.context() as patched:
        patched.setattr(run, "trimmed", trim)
        return made.verdict()


def nothing_left_out(known: Sequence[Known], _: object) -> list[Known]:
    return list(known)


def sums_left_out(known: Sequence[Known], _: object) -> list[Known]:
    """What would be too much: no count is tied to another."""
    return [item for item in known if item.whole.counted[1] == item.parts[0].counted[1]]


@pytest.mark.parametrize("seed", range(COUNTIES))
def test_the_same_counts_are_narrow_whether_or_not_idle_parts_are_left_out(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = county(seed)
    assert made.verdict() == with_trim(monkeypatch, nothing_left_out, made)


def test_the_counties_have_narrow_counts_and_parts_to_leave_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the comparison would compare nothing with nothing."""
    made = [county(seed) for seed in range(COUNTIES)]
    shorter = [item for item in made if len(trimmed(item.known, item.told())) < len(item.known)]
    narrow = [item for item in shorter if item.verdict()]
    differing = [
        item for item in narrow if item.verdict() != with_trim(monkeypatch, sums_left_out, item)
    ]
    assert len(shorter) > 30
    assert len(narrow) > 30
    assert len(differing) > 5


def test_one_part_stands_for_all_of_which_nothing_is_printed() -> None:
    known = everywhere("plans", ("a", "b", "c", "d"), True)
    left = trimmed(known, {variable("plans"), variable("a")})
    assert left == everywhere("plans", ("a", "b"), True)


def test_of_an_upper_bound_the_parts_of_which_nothing_is_printed_go() -> None:
    known = everywhere("plans", ("a", "b", "c"), False)
    assert trimmed(known, {variable("plans"), variable("a")}) == everywhere("plans", ("a",), False)


def test_a_sum_of_which_no_part_is_printed_says_nothing() -> None:
    known = [*everywhere("plans", ("a", "b"), True), by_sex("a"), by_sex("plans")]
    assert trimmed(known, {variable("plans")}) == [by_sex("plans")]


def test_a_part_that_is_tied_elsewhere_stays() -> None:
    """b stands in two totals: whoever knows one knows something of the other."""
    known = [*everywhere("plans", ("a", "b"), True), *everywhere("new", ("b", "c"), True)]
    printed = {variable(name) for name in ("plans", "a", "new", "c")}
    assert trimmed(known, printed) == known
