"""Where in the XML of a return an element may stand, made from the description.

A place is an element that holds others: the root, the list of people, a record, a group of the
header. It knows its elements by name, without regard to case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.registry.sen2 import Sen2

# A row of a record begins with these; the elements come after.
KEYS = 3


@dataclass
class Place:
    """An element that holds others.

    Attributes:
        name: the element, as the description spells it.
        module: whose record it opens; None where it opens none.
        blank: the cells of such a record before anything is read.
        known: what may stand in it, by name as printed: the cell of a value, or another place.
            Spellings that are met are added.
        folded: the same by lower-case name.
        is_unknown: an element that the return does not have; its values are nobody's.
    """

    name: str
    module: str | None = None
    blank: tuple[None, ...] = ()
    known: dict[str, int | Place] = field(default_factory=dict)
    folded: dict[str, int | Place] = field(default_factory=dict)
    is_unknown: bool = False

    def admit(self, inner: int | Place, *names: str) -> None:
        """Let something stand in it."""
        for name in names:
            self.known[name] = inner
            self.folded[name.lower()] = inner


@dataclass(frozen=True)
class Plan:
    """All places of a return.

    Attributes:
        top: the module of the header.
        document: holds the root only.
        root, container: the root and the list of people.
        records: the place of each module.
        by_name: every place that opens a record, by lower-case name.
        values: lower-case names of all value elements.
    """

    top: str
    document: Place
    root: Place
    container: Place
    records: dict[str, Place]
    by_name: dict[str, Place]
    values: frozenset[str]


def plan_of(described: Sen2) -> Plan:
    """The places, with every alias of every element."""
    records = {
        name: Place(module.element, name, (None,) * len(module.elements))
        for name, module in described.modules.items()
    }
    for name, module in described.modules.items():
        groups: dict[str, Place] = {}
        for cell, item in enumerate(module.elements, start=KEYS):
            place = records[name]
            if item.group is not None:
                place = groups.setdefault(item.group, Place(item.group))
            place.admit(cell, item.element, *item.aliases)
        for group in groups.values():
            records[name].admit(group, group.name)
    return _joined(described, records)


def _joined(described: Sen2, records: dict[str, Place]) -> Plan:
    """The records put into each other, and all of them into the root."""
    document, root = Place("the document"), Place(described.root)
    container = Place(described.container)
    document.admit(root, root.name)
    root.admit(records[described.top], described.modules[described.top].element)
    root.admit(container, container.name)
    for name, module in described.modules.items():
        if module.parent is not None:
            above = container if module.parent == described.top else records[module.parent]
            above.admit(records[name], module.element)
    by_name = {place.name.lower(): place for place in records.values()}
    values = (
        spelled.lower()
        for module in described.modules.values()
        for item in module.elements
        for spelled in (item.element, *item.aliases)
    )
    return Plan(described.top, document, root, container, records, by_name, frozenset(values))
