"""Leaving out of the attack what cannot help the attacker, so that it is done in seconds.

The DfE's layouts break a total down further than any measure prints: the ten kinds of mainstream
school, each by age, sex and need. Of parts of which nothing is printed anywhere, and which nothing
else ties, one can stand for all: give it what all of them hold and the others nought, and every sum
and every table of groups still adds up. Where no part is printed the sum says nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.release.attack.origins import Count
from pipelines.release.attack.structure import Known, Variable


class Indicator(NamedTuple):
    """A count of one return in all its groups."""

    vintage: str
    dataset: str
    indicator: str


@dataclass(frozen=True, order=True)
class _Relation:
    """What ties indicators, whatever the group: a whole and its parts."""

    whole: Indicator
    parts: tuple[Indicator, ...]
    is_equal: bool


def trimmed(known: Sequence[Known], printed: Collection[Variable]) -> list[Known]:
    """What is known, without what cannot narrow any count.

    printed: counts of which something is printed, by us or by others.
    """
    told = {_indicator(variable) for variable in printed if isinstance(variable.counted, Count)}
    relations = {_relation(item) for item in known if not _is_partition(item)}
    kept = _kept(relations, told)
    used = told | {name for item in kept.values() for name in (item.whole, *item.parts)}
    return [item for old in known for item in _shortened(old, kept, used)]


def _kept(relations: Iterable[_Relation], told: set[Indicator]) -> dict[_Relation, _Relation]:
    """By relation, what is left of it; a relation that says nothing is not there."""
    kept = {item: item for item in sorted(relations)}
    while True:
        uses = Counter(name for item in kept.values() for name in {item.whole, *item.parts})
        shorter = {old: _without_idle(item, uses, told) for old, item in kept.items()}
        left = {old: item for old, item in shorter.items() if item is not None}
        if left == kept:
            return left
        kept = left


def _without_idle(
    item: _Relation, uses: Counter[Indicator], told: set[Indicator]
) -> _Relation | None:
    """A relation with one part in place of those that nothing is known of; None if it is idle."""
    idle = [name for name in item.parts if name not in told and uses[name] == 1]
    if len(idle) == len(item.parts):
        return None
    stand_in = idle[:1] if item.is_equal else []
    parts = tuple(name for name in item.parts if name not in idle or name in stand_in)
    return _Relation(item.whole, parts, item.is_equal)


def _shortened(
    item: Known, kept: dict[_Relation, _Relation], used: set[Indicator]
) -> Iterable[Known]:
    if _is_partition(item):
        if _indicator(item.whole) in used:
            yield item
        return
    left = kept.get(_relation(item))
    if left is not None:
        parts = tuple(part for part in item.parts if _indicator(part) in left.parts)
        yield Known(item.whole, parts, item.is_equal)


def _is_partition(item: Known) -> bool:
    """Whether the parts are the groups of the whole, and not other counts."""
    return all(_indicator(part) == _indicator(item.whole) for part in item.parts)


def _relation(item: Known) -> _Relation:
    parts = tuple(_indicator(part) for part in item.parts)
    return _Relation(_indicator(item.whole), parts, item.is_equal)


def _indicator(variable: Variable) -> Indicator:
    return Indicator(variable.vintage, variable.counted[0], variable.counted[1])
