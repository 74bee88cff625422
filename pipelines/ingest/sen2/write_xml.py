"""`Modules` -> the XML of a return, column by column, some people at a time.

Each record stands on a line of its own. Elements that the year does not have are left out. What the
columns hold is written as it is; nothing is checked except that XML can hold it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from pipelines.errors import InputError
from pipelines.ingest.modules import PARENT, RECORD, Modules
from pipelines.registry.sen2 import Element, Module, Sen2, sen2
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

PEOPLE_AT_ONCE = 20_000
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>'
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# XML 1.0 has no way to write these, not even escaped.
UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
INDENT = "  "


@dataclass(frozen=True)
class _Nested:
    """The records of a module in the order in which they stand in their parents.

    Attributes:
        table: the records.
        starts: where the records of each parent begin, and where the last ones end.
    """

    table: pa.Table
    starts: np.ndarray


def write_xml(modules: Modules, year: int, target: BinaryIO) -> None:
    """Write the return of a year; records stand in their parents, in the order of their numbers.

    Raises:
        InputError: a cell holds a character that XML does not allow, or a record has no parent.
    """
    described = sen2(PROJECT_ROOT)
    people = described.children(described.top)[0]
    nested = _all_nested(modules, people, described)
    target.write(f"{PROLOGUE}\n<{described.root}>\n".encode())
    for header in modules.tables[described.top].to_pylist():
        target.write(_header(header, described.modules[described.top], year).encode())
    target.write(f"{INDENT}<{described.container}>".encode())
    for start in range(0, nested[people].table.num_rows, PEOPLE_AT_ONCE):
        stop = min(start + PEOPLE_AT_ONCE, nested[people].table.num_rows)
        for text in _fragments(nested, people, (start, stop), described, year).to_pylist():
            target.write(text.encode())
    target.write(f"\n{INDENT}</{described.container}>\n</{described.root}>\n".encode())


# ---- order --------------------------------------------------------------------------------------


def _all_nested(modules: Modules, people: str, described: Sen2) -> dict[str, _Nested]:
    """Every module but the header's, parents before what lies in them."""
    import numpy as np

    table = modules.tables[people].sort_by(RECORD)
    found = {people: _Nested(table, np.array([0, table.num_rows]))}
    for name, module in described.modules.items():
        if module.parent in found:
            found[name] = _nested(modules.tables[name], found[module.parent].table, module)
    return found


def _nested(table: pa.Table, above: pa.Table, module: Module) -> _Nested:
    import numpy as np

    numbers = above.column(RECORD).to_numpy()
    parents = table.column(PARENT).to_numpy()
    sorter = np.argsort(numbers, kind="stable")
    places = np.searchsorted(numbers, parents, sorter=sorter)
    if places.size and (not numbers.size or places.max() >= numbers.size):
        raise _orphan(module)
    places = sorter[places] if places.size else places
    if (numbers[places] != parents).any():
        raise _orphan(module)
    order = np.lexsort((table.column(RECORD).to_numpy(), places))
    counts = np.bincount(places, minlength=numbers.size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return _Nested(table if (np.diff(order) == 1).all() else table.take(order), starts)


def _orphan(module: Module) -> InputError:
    return InputError(
        f"a record of {module.element} lies in no record, so it cannot be written as XML",
        remedy="Put it aside, or give it the number of its parent.",
    )


# ---- text ---------------------------------------------------------------------------------------


def _fragments(
    nested: dict[str, _Nested], name: str, reach: tuple[int, int], described: Sen2, year: int
) -> pa.Array:
    """The text of the records from one place to another, with all that lies in them."""
    import pyarrow.compute as pc

    module = described.modules[name]
    table = nested[name].table.slice(reach[0], reach[1] - reach[0])
    inner = []
    for child in described.children(name):
        starts = nested[child].starts[reach[0] : reach[1] + 1]
        span = (int(starts[0]), int(starts[-1]))
        inner.append(_gathered(_fragments(nested, child, span, described, year), starts))
    before, after = _values(table, module, year)
    tail = "\n" if inner else ""
    return pc.binary_join_element_wise(
        f"\n<{module.element}>", *before, *inner, *after, f"{tail}</{module.element}>", ""
    )


def _gathered(fragments: pa.Array, starts: np.ndarray) -> pa.Array:
    """One text for each parent."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = pa.array(starts - starts[0], pa.int32())
    return pc.binary_join(pa.ListArray.from_arrays(places, fragments), "")


def _values(table: pa.Table, module: Module, year: int) -> tuple[list[pa.Array], list[pa.Array]]:
    """The value elements before the records within a record, and those after them."""
    sides: tuple[list[pa.Array], list[pa.Array]] = ([], [])
    is_after = False
    for item in module.elements:
        if item.exists_in(year):
            sides[is_after].append(_value(table.column(item.column), item))
        is_after = is_after or item.column == module.nested_after
    return sides


def _value(column: pa.ChunkedArray, item: Element) -> pa.Array:
    """<Name>text</Name> for each cell that holds something."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = column.combine_chunks()
    cells = cells if isinstance(cells, pa.Array) else pa.concat_arrays(cells.chunks)
    written = pc.binary_join_element_wise(
        f"<{item.element}>", _escaped(cells, item), f"</{item.element}>", ""
    )
    return pc.fill_null(written, "")


def _escaped(cells: pa.Array, item: Element) -> pa.Array:
    import pyarrow.compute as pc

    if pc.any(pc.match_substring_regex(cells, UNWRITABLE)).as_py():
        raise InputError(
            f"a cell of {item.column} holds a control character, which XML cannot hold",
            remedy="Remove it where the data come from.",
        )
    for letter, written in ESCAPES:
        if pc.any(pc.match_substring(cells, letter)).as_py():
            cells = pc.replace_substring(cells, letter, written)
    return cells


def _header(row: dict[str, str | None], module: Module, year: int) -> str:
    """The header, its values in their groups."""
    import pyarrow as pa

    text = [f"{INDENT}<{module.element}>"]
    items = [item for item in module.elements if item.exists_in(year)]
    for group, members in groupby(items, key=lambda item: item.group):
        cells = (_value(pa.chunked_array([[row[i.column]]], pa.string()), i) for i in members)
        inner = "".join(cell[0].as_py() for cell in cells)
        text.append(f"{INDENT * 2}<{group}>{inner}</{group}>")
    return "\n".join([*text, f"{INDENT}</{module.element}>\n"])
