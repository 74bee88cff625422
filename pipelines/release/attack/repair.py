"""What has to be hidden beside the small numbers, so that no hidden one can be worked out.

Where too much can be known of a count, the solver says which printed numbers hold it so fast. Of
these the one that holds most such counts is withheld, a group's before the whole area's, and the
counts are attacked again, until all have values enough. To withhold only takes knowledge away: a
count that was safe stays so, and only the others are looked at again. Where nothing is left to
withhold, because a small total that is public says it all, the whole table is hidden: what can be
known of its groups is what the total says to everybody. What the release before has printed cannot
be withheld any more: there other numbers go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.analysis.narrowing import holding
from pipelines.release.attack.beside import beyond
from pipelines.release.attack.origins import Cell, Origin
from pipelines.release.attack.printed import INFINITE, Group, Printed, group_of
from pipelines.release.attack.run import Attack
from pipelines.release.attack.structure import Fact, Known, Variable
from pipelines.release.attack.verdict import Close, Narrow, Verdict

ROUNDS = 100


class Table(NamedTuple):
    """All groups of a topic for one measure in one edition."""

    kpi: str
    vintage: str
    topic: str


@dataclass(frozen=True)
class Repair:
    """What is hidden beyond the rule for small numbers, and how the attack went at the end.

    Attributes:
        withheld: cells printed as hidden although they are not small.
        hidden_tables: tables of which every cell is printed as hidden.
        first: the verdict on the rule alone.
        last: the verdict on what is published; a count is narrow there only where an earlier
            release holds it so fast that nothing is left to withhold, and the gate refuses it.
        rounds: attacks that it took.
        shown: the numbers that are left, as an attacker reads them.
    """

    withheld: frozenset[Group]
    hidden_tables: frozenset[Table]
    first: Verdict
    last: Verdict
    rounds: int
    shown: tuple[Printed, ...]


def repair(
    origins: Mapping[Cell, Origin],
    known: Sequence[Known],
    numbers: Sequence[Printed],
    facts: Iterable[Fact] = (),
    earlier: Sequence[Printed] = (),
) -> Repair:
    """Withhold numbers until no count that is published rounded or hidden can be narrowed.

    numbers: as the rule for small numbers prints them.
    facts: counts that others have published. earlier: what the release before still tells.

    Raises:
        NoSolutionError: what is printed contradicts itself.
    """
    facts = tuple(facts)
    alone = attack_on(origins, known, facts, (), earlier)
    withheld: set[Group] = set()
    hidden_tables: set[Table] = set()
    first: Verdict | None = None
    sought: set[Variable] | None = None
    closest: tuple[Close, ...] = ()
    for turn in range(1, ROUNDS + 1):
        shown = tuple(without(numbers, withheld, hidden_tables))
        attack = attack_on(origins, known, facts, shown, earlier)
        still = attack.sought if sought is None else sought & attack.sought
        also = [it for it in closest if it.variable in attack.sought]
        verdict = beyond(attack, still, alone, also)
        closest = verdict.closest
        first = first or verdict
        groups, tables = _loosened(attack, verdict.narrow)
        if groups <= withheld and tables <= hidden_tables:
            return Repair(
                frozenset(withheld), frozenset(hidden_tables), first, verdict, turn, shown
            )
        sought = {item.variable for item in verdict.narrow} | verdict.unasked
        withheld |= groups
        hidden_tables |= tables
    raise AssertionError("each round hides something, and there is an end of what can be hidden")


def attack_on(
    origins: Mapping[Cell, Origin],
    known: Sequence[Known],
    facts: Iterable[Fact],
    shown: Iterable[Printed],
    earlier: Iterable[Printed],
) -> Attack:
    """An attacker who has read what is shown, what came before it, and what others publish."""
    attack = Attack(origins, known)
    attack.read(shown)
    attack.hear(earlier)
    attack.learn(facts)
    return attack


def without(
    numbers: Iterable[Printed], withheld: Set[Group], hidden_tables: Set[Table]
) -> Iterable[Printed]:
    """The numbers as an attacker reads them: a withheld one says nothing."""
    for number in numbers:
        if _table(number) in hidden_tables:
            continue
        if group_of(number) in withheld:
            yield number._replace(low=0.0, high=INFINITE)
        else:
            yield number


def _loosened(attack: Attack, narrow: Sequence[Narrow]) -> tuple[set[Group], set[Table]]:
    """What to hide next: few numbers, each of which holds many of the narrow counts."""
    system, variables = attack.system(), attack.variables()
    found = holding(system, [attack.column_of(item.variable) for item in narrow])
    holders = {
        variables[column]: _to_withhold(attack, [variables[holder] for holder in held_by])
        for column, held_by in found.items()
    }
    tables = {
        table
        for variable, held_by in holders.items()
        if not held_by
        for table in _tables_around(attack, variable)
    }
    groups: set[Group] = set()
    waiting = [held_by for held_by in holders.values() if held_by]
    while waiting:
        chosen = _most_useful(waiting)
        groups.update(group_of(number) for number in attack.printed[chosen])
        waiting = [held_by for held_by in waiting if chosen not in held_by]
    return groups, tables


def _to_withhold(attack: Attack, holding_fast: Iterable[Variable]) -> frozenset[Variable]:
    """Those that can be withheld; the whole area's only where no group's can."""
    rounded = {variable for variable in holding_fast if attack.is_rounded(variable)}
    of_groups = {variable for variable in rounded if _topic(variable) != "All"}
    return frozenset(of_groups or rounded)


def _most_useful(waiting: Sequence[frozenset[Variable]]) -> Variable:
    """The one that holds most counts; of equals the first by name, so that the answer is one."""
    held = Counter(variable for held_by in waiting for variable in held_by)
    most = max(held.values())
    return min(variable for variable, count in held.items() if count == most)


def _tables_around(attack: Attack, variable: Variable) -> set[Table]:
    """The tables that print a count, or, where none does, all tables of its data set."""
    own = attack.printed.get(variable, [])
    if own:
        of_groups = [number for number in own if number.cell.topic != "All"]
        return {_table(number) for number in of_groups or own}
    return {
        _table(number)
        for other, numbers in attack.printed.items()
        if other.vintage == variable.vintage and _shares_data_set(other, variable)
        for number in numbers
        if number.cell.topic != "All"
    }


def _shares_data_set(one: Variable, other: Variable) -> bool:
    datasets = {getattr(variable.counted, "dataset", None) for variable in (one, other)}
    return len(datasets) == 1 and None not in datasets


def _topic(variable: Variable) -> str:
    return variable.counted.topic


def _table(number: Printed) -> Table:
    return Table(number.cell.kpi, number.vintage, number.cell.topic)
