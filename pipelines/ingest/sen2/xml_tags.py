"""Every tag that may stand in a person of a return, numbered, and where each may stand.

Made from the places once; xml_plain.py reads whole pieces of a file with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from pipelines.ingest.sen2.places import KEYS, Place, Plan

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# How a value is written: opened, closed, and in two ways as one that holds nothing.
VALUE_TAGS = ("<{}>", "</{}>", "<{}/>", "<{} />")
RECORD_TAGS = ("<{}>", "</{}>")
VALUE, GROUP = "a value", "a group"


@dataclass(frozen=True)
class Tags:
    """The tags of values come first, all names in the first way of writing, then in the second.

    A name that opens a record in one place and is a value or a group in another is none of them.

    Attributes:
        spelled: each tag as it is printed.
        value_count, name_count: how many names of values there are, and of records.
        modules: of the records, those above before those that lie in them.
        record_of: for each name of a record, its place in modules.
        levels: for each module, in how many records its own lie.
        above: for each module, the place of that above it; -1 for people.
        cells: for each module and name of a value, its cell in a row; 0 where it has no place.
        slots: for each module, how many cells there are in the rows of those before it; and of all.
    """

    spelled: pa.Array
    value_count: int
    name_count: int
    modules: tuple[str, ...]
    record_of: np.ndarray
    levels: np.ndarray
    above: np.ndarray
    cells: np.ndarray
    slots: np.ndarray

    @property
    def first_record_tag(self) -> int:
        """The number of the first tag that is of a record."""
        return len(VALUE_TAGS) * self.value_count


def tags_of(plan: Plan) -> Tags:
    """The tags of people and of all that lies in them."""
    import numpy as np
    import pyarrow as pa

    nested = list(_nested(plan.container, -1, 0, count()))
    places = [place for place, _, _ in nested]
    meanings = _meanings([plan.container, *places])
    modules = tuple(str(place.module) for place in places)
    values = [name for name, meant in meanings.items() if meant == {VALUE}]
    records = [name for name, meant in meanings.items() if len(meant) == 1 and meant < {*modules}]
    spelled = [form.format(name) for form in VALUE_TAGS for name in values]
    spelled += [form.format(name) for form in RECORD_TAGS for name in records]
    return Tags(
        pa.array([tag.encode() for tag in spelled], pa.binary()),
        len(values),
        len(records),
        modules,
        np.array([modules.index(next(iter(meanings[name]))) for name in records], np.int16),
        np.array([level for _, _, level in nested], np.int16),
        np.array([above for _, above, _ in nested], np.int16),
        np.array([[_cell(place, name) for name in values] for place in places], np.int16),
        np.cumsum([0, *(KEYS + len(place.blank) for place in places)], dtype=np.int16),
    )


def _nested(
    place: Place, above: int, level: int, numbers: Iterator[int]
) -> Iterator[tuple[Place, int, int]]:
    """The records in a place, each with the number of the one above it and its depth."""
    inner = {id(item): item for item in place.known.values() if isinstance(item, Place)}
    for item in inner.values():
        if item.module is not None:
            number = next(numbers)
            yield item, above, level
            yield from _nested(item, number, level + 1, numbers)


def _meanings(places: Iterable[Place]) -> dict[str, set[str]]:
    """What each name is in the places where it is known: a value, a group, or whose record."""
    meanings: dict[str, set[str]] = {}
    for place in places:
        for name, item in place.known.items():
            meant = VALUE if isinstance(item, int) else item.module or GROUP
            meanings.setdefault(name, set()).add(meant)
    return meanings


def _cell(place: Place, name: str) -> int:
    item = place.known.get(name)
    return item if isinstance(item, int) else 0
