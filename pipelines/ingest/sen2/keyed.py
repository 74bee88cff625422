"""Tables whose rows are tied by keys -> records in records. Shared by the forms that are tables.

A row whose key is empty, stands twice, or names nothing cannot be placed: it is put aside, and
assemble.py puts aside what lies in it. Which columns are keys is known to each form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest import strict_csv
from pipelines.ingest.parcel import Finding
from pipelines.ingest.sen2.assemble import MEND, NO_TEXT, Records, table_of
from pipelines.ingest.sen2.tidy import Form, tidied, whole
from pipelines.ingest.words import NAME_LENGTH, is_header, shown_unless_cells
from pipelines.registry.sen2 import folded

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from pipelines.ingest.strict_csv import CsvTable
    from pipelines.registry.sen2 import Module, Sen2


@dataclass(frozen=True)
class Keyed:
    """The table of one module.

    Attributes:
        table: as text.
        own: the key of each row; None where nothing lies in it and it has none.
        own_name: what the form calls that key.
        above: the key of the row in which each lies; None where there is nothing above.
        above_name: what the form calls that key.
        not_read: headings that are no elements, and are known to be none.
    """

    table: CsvTable
    own: pa.Array | None = None
    own_name: str = ""
    above: pa.Array | None = None
    above_name: str = ""
    not_read: Collection[str] = ()


def place_records(
    tables: dict[str, Keyed], described: Sen2, form: Form
) -> tuple[dict[str, Records], dict[str, Collection[str]], list[Finding]]:
    """Records by module, the columns that each table has, and what else stands in them.

    Of a table that has been read only its keys stay in tables: a large one lies in memory once.

    Raises:
        InputError: a heading stands twice in a table, or the table above one is missing.
    """
    found: dict[str, Records] = {}
    columns: dict[str, Collection[str]] = {}
    findings: list[Finding] = []
    for name, module in described.modules.items():
        if name not in tables:
            continue
        if module.parent not in (None, described.top, *tables):
            raise _without_above(module, described.modules[str(module.parent)])
        keyed = tables[name]
        places, told = _places(keyed, module)
        above = tables.get(module.parent or "")
        found[name] = _records(keyed, above, module, places, form)
        columns[name] = places.keys()
        findings.extend(told)
        tables[name] = replace(keyed, table=replace(keyed.table, columns=()))
    return found, columns, findings


def table_in(file_name: str, content: bytes, remedy: str) -> CsvTable:
    """The table of a CSV file.

    Raises:
        InputError: it cannot be read; names the file.
    """
    try:
        return strict_csv.read(content)
    except InputError as error:
        raise InputError(error.what, where=file_name, remedy=error.remedy or remedy) from error


def key_of(table: CsvTable, names: Collection[str]) -> pa.Array | None:
    """A key column: trimmed, 12 for 12.0, empty ones null; None where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from pipelines.ingest.columns import mapped

    wanted = {folded(name) for name in names}
    place = next((i for i, name in enumerate(table.header) if folded(name) in wanted), None)
    if place is None:
        return None
    trimmed = pc.utf8_trim_whitespace(table.columns[place])
    filled = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    if not pc.any(pc.match_substring(filled, ".")).as_py():
        return filled
    return mapped(filled, whole).cast(pa.string())


def _records(
    keyed: Keyed, above: Keyed | None, module: Module, places: Mapping[str, int], form: Form
) -> Records:
    import numpy as np
    import pyarrow as pa

    table = keyed.table
    count = len(table.row_numbers)
    empty = pa.nulls(count, pa.string())
    columns = {
        item.column: tidied(table.columns[places[item.column]], item, form)
        if item.column in places
        else empty
        for item in module.elements
    }
    parents, faults = _parents(keyed, above, module)
    for row in _repeated(keyed.own).tolist():
        faults.setdefault(row + 1, f"its {keyed.own_name} stands in more than one row")
    for row in _empty(keyed.own).tolist():
        faults.setdefault(row + 1, f"it has no {keyed.own_name}")
    numbers = np.arange(1, count + 1)
    unread = tuple(replace(row, text=NO_TEXT, remedy=MEND) for row in table.quarantined)
    return Records(table_of((numbers, parents, table.row_numbers), columns), faults, unread)


def _parents(keyed: Keyed, above: Keyed | None, module: Module) -> tuple[pa.Array, dict[int, str]]:
    """The number of the record in which each lies, and why it lies in none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if keyed.above is None or above is None or above.own is None:
        return pa.nulls(len(keyed.table.row_numbers), pa.int64()), {}
    # A null would find a null.
    places = pc.index_in(keyed.above, value_set=above.own.drop_null())
    known = pa.array(_filled(above.own)).take(places) if len(above.own) else places
    parents = pc.add(pc.cast(known, pa.int64()), 1)
    faults = dict.fromkeys(
        (_empty(parents) + 1).tolist(), f"its {keyed.above_name} names no record of {module.parent}"
    )
    faults |= dict.fromkeys((_empty(keyed.above) + 1).tolist(), f"it has no {keyed.above_name}")
    return parents, faults


def _filled(column: pa.Array) -> np.ndarray:
    """Places of the cells that are not null."""
    import numpy as np

    return np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))


def _empty(column: pa.Array | None) -> np.ndarray:
    """Places of the nulls."""
    import numpy as np

    if column is None:
        return np.empty(0, np.int64)
    return np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))


def _repeated(column: pa.Array | None) -> np.ndarray:
    """Places of the values that stand more than once; nulls are not values."""
    import numpy as np

    if column is None:
        return np.empty(0, np.int64)
    codes = column.dictionary_encode().indices
    filled = _filled(codes)
    present = codes.drop_null().to_numpy()
    counts = np.bincount(present) if present.size else present
    found: np.ndarray = filled[counts[present] > 1]
    return found


def _places(keyed: Keyed, module: Module) -> tuple[dict[str, int], list[Finding]]:
    """Where each element stands, and the headings that are no element of it."""
    spelled = {name: item.column for item in module.elements for name in item.headings[0]}
    begun = [(begin, item.column) for item in module.elements for begin in item.headings[1]]
    not_read = {folded(name) for name in keyed.not_read}
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, printed in enumerate(keyed.table.header):
        name = folded(printed)
        column = spelled.get(name) or next((c for b, c in begun if name.startswith(b)), None)
        if column is None:
            unknown.extend([printed] if name not in not_read else [])
        elif column in places:
            raise _twice(column, module)
        else:
            places[column] = place
    return places, _unknown(unknown, keyed.table.header, module)


def _without_above(module: Module, above: Module) -> InputError:
    return InputError(
        f"the table of {module.element} is there, but not that of {above.element}, "
        "in which its records lie",
        remedy="Give all tables of the return.",
    )


def _twice(column: str, module: Module) -> InputError:
    return InputError(
        f"the column {column} of {module.element} stands twice",
        where="header",
        remedy="Export the table again; a column may stand once.",
    )


def _unknown(names: list[str], header: Collection[str], module: Module) -> list[Finding]:
    named = [name for name in names if name]
    if not named:
        return []
    told = shown_unless_cells(named, header)
    # What may be a cell is not named.
    is_named = is_header(len(header) - len(named), len(header))
    return [
        Finding(
            rule="unknown_column",
            severity="warning",
            message=f"{module.element}: not read: {told}; a return has no such item.",
            remedy="Look whether a heading is misspelt; if it is new, add it to sen2.yml.",
            column_name=named[0][:NAME_LENGTH] if is_named else None,
            row_count=len(names),
            first_row_number=1,
        )
    ]
