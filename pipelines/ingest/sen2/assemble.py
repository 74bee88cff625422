"""Tables of one form -> `Modules`: what has no place is put aside with all that lies in it.

Shared by the readers. It knows what every form has in common: records in records, a year, a header.
How a form is written does not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.modules import PARENT, RECORD, ROW_NUMBER, Modules
from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.words import counted

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from pipelines.registry.sen2 import Element, Module, Sen2

    Spelled = Callable[[Element], str]

FAMILY = "sen2"
MESSAGE = "message"
NO_TEXT = ""
MEND = "Put the record right in the case-management system, and export the return again."
SHOWN = 8
# A file in which more records have a fault of their own is not put right record by record.
FAULTS_MAX = 200_000


@dataclass
class Records:
    """The records of one module as a form gave them.

    Attributes:
        table: record, parent, row_number and a column of strings for each element.
        faults: why a record cannot be used, by its number.
        unread: rows that are not even records, e.g. of the wrong width.
    """

    table: pa.Table
    faults: dict[int, str] = field(default_factory=dict)
    unread: tuple[QuarantinedRow, ...] = ()


@dataclass(frozen=True)
class Head:
    """How often the file has a header and a list of people; None where its form has no header."""

    header_count: int | None
    persons_count: int


def assemble(
    form: str,
    found: Mapping[str, Records],
    head: Head,
    findings: Iterable[Finding],
    described: Sen2,
    columns: Mapping[str, Collection[str]] | None = None,
) -> Modules:
    """`Modules` with a table for every module, and `message`: what the file has at its top.

    A record with a fault is put aside, and with it all that lies in it. Numbers of records count
    the file's own, so that what is put aside leaves a gap.

    columns: those that each table has, where the form may lack some.
    """
    import numpy as np

    tables: dict[str, pa.Table] = {}
    aside: dict[str, tuple[QuarantinedRow, ...]] = {}
    counts: dict[str, int] = {}
    lost: dict[str, np.ndarray] = {}
    for name, module in described.modules.items():
        records = found.get(name) or Records(no_records(module.columns))
        require_few(records.faults, module.element)
        _mark_lost(records, described, name, lost)
        lost[name] = np.fromiter(records.faults, np.int64, len(records.faults))
        tables[name] = _kept(records, lost[name])
        aside[name] = (*records.unread, *_put_aside(records))
        counts[name] = records.table.num_rows + len(records.unread)
    _tie_to_header(tables, described)
    tables[MESSAGE], counts[MESSAGE] = _message(head), 1
    told = (*findings, *_of_other_years(tables, described))
    kept_aside = {name: rows for name, rows in aside.items() if rows}
    lacking = {} if columns is None else _not_held(columns, described)
    return Modules(FAMILY, form, tables, counts, kept_aside, told, lacking)


def _not_held(columns: Mapping[str, Collection[str]], described: Sen2) -> dict[str, frozenset[str]]:
    """The columns that a form or its tables do not have, by module."""
    lacking = {
        name: frozenset(module.columns) - set(columns.get(name, ()))
        for name, module in described.modules.items()
    }
    return {name: missed for name, missed in lacking.items() if missed}


def require_few(faults: Mapping[int, str], element: str) -> None:
    """Refuse a file whose structure is wrong throughout.

    Raises:
        InputError: more than FAULTS_MAX records of one kind have a fault.
    """
    if len(faults) > FAULTS_MAX:
        number = min(faults)
        raise InputError(
            f"more than {FAULTS_MAX:,} records of {element} cannot be used, the first because "
            f"{faults[number]}",
            where=f"{element} {number:,}",
            remedy="The fault is in the export as a whole: have it corrected, and export again.",
        )


def no_records(columns: Sequence[str]) -> pa.Table:
    """A module of which the file has nothing."""
    return table_of([[] for _ in range(3)], {name: [] for name in columns})


def table_of(keys: Sequence[object], columns: Mapping[str, object]) -> pa.Table:
    """record, parent, row_number, then the elements as strings."""
    import pyarrow as pa

    numbers = {
        name: pa.array(values, pa.int64())
        for name, values in zip((RECORD, PARENT, ROW_NUMBER), keys, strict=True)
    }
    return pa.table(numbers | {name: pa.array(v, pa.string()) for name, v in columns.items()})


def return_year(tables: Mapping[str, pa.Table], described: Sen2) -> int | None:
    """The year that the header gives, where it gives one."""
    years = tables[described.top].column("return_year").to_pylist()
    known = [text for text in years if text and text.isdigit()]
    return int(known[0]) if len(known) == 1 and len(years) == 1 else None


# ---- records that have no place -----------------------------------------------------------------


def _mark_lost(
    records: Records, described: Sen2, name: str, lost: Mapping[str, np.ndarray]
) -> None:
    """Records within a record that was put aside go with it; a header takes nobody along."""
    import numpy as np

    above = described.modules[name].parent
    if above is None or above == described.top or not lost[above].size:
        return
    parents = records.table.column(PARENT).to_numpy()
    numbers = records.table.column(RECORD).to_numpy()
    element = described.modules[above].element
    for number in numbers[np.isin(parents, lost[above])].tolist():
        records.faults.setdefault(number, f"the {element} that it lies in was not loaded")


def _kept(records: Records, lost: np.ndarray) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    if not lost.size:
        return records.table
    numbers = records.table.column(RECORD).to_numpy()
    return records.table.filter(pa.array(~np.isin(numbers, lost)))


def _put_aside(records: Records) -> list[QuarantinedRow]:
    """The faulty records by row and reason; none of their cells."""
    if not records.faults:
        return []
    numbers = records.table.column(RECORD).to_pylist()
    rows = records.table.column(ROW_NUMBER).to_pylist()
    return [
        QuarantinedRow(row, records.faults[number], NO_TEXT, remedy=MEND)
        for number, row in zip(numbers, rows, strict=True)
        if number in records.faults
    ]


def _tie_to_header(tables: dict[str, pa.Table], described: Sen2) -> None:
    """People belong to the first header, wherever in the file it stands."""
    import pyarrow as pa

    headers = tables[described.top].column(RECORD).to_pylist()
    first = min(headers) if headers else None
    for name in described.children(described.top):
        table = tables[name]
        parent = pa.array([first], pa.int64()).take(pa.array([0] * table.num_rows, pa.int32()))
        tables[name] = table.set_column(1, PARENT, parent)


# ---- what holds for every form ------------------------------------------------------------------


def _message(head: Head) -> pa.Table:
    """The one row on what the file has at its top."""
    header = None if head.header_count is None else str(head.header_count)
    counts = {"header_count": [header], "persons_count": [str(head.persons_count)]}
    return table_of([[1], [None], [1]], counts)


def _of_other_years(tables: Mapping[str, pa.Table], described: Sen2) -> list[Finding]:
    """Elements that are filled although the return's year does not have them."""
    year = return_year(tables, described)
    if year is None:
        return []
    findings = []
    for name, module in described.modules.items():
        for item in module.elements:
            if not item.exists_in(year):
                findings.extend(_of_other_year(tables[name], module.element, item.column, year))
    return findings


def _of_other_year(table: pa.Table, element: str, column: str, year: int) -> list[Finding]:
    import pyarrow.compute as pc

    filled = table.filter(pc.is_valid(table.column(column)))
    if not filled.num_rows:
        return []
    return [
        Finding(
            rule="element_of_another_year",
            severity="warning",
            message=f"{element}: {column} is filled in {counted(filled.num_rows, 'record')}, but "
            f"a return of {year} does not have it.",
            remedy="Look whether the year in the header is right; otherwise leave the item out.",
            column_name=column,
            row_count=filled.num_rows,
            first_row_number=pc.min(filled.column(ROW_NUMBER)).as_py(),
        )
    ]


def missing_columns(
    module: Module, found: Collection[str], year: int | None, spelled: Spelled
) -> list[Finding]:
    """One finding for the columns that a table lacks; those of other years are not missed.

    spelled: what the form calls an element.
    """
    missed = [
        spelled(item)
        for item in module.elements
        if item.column not in found and (year is None or item.exists_in(year))
    ]
    if not missed:
        return []
    return [
        Finding(
            rule="missing_column",
            severity="warning",
            message=f"{module.element}: there is no column for {shown(missed)}; read as empty.",
            remedy="Export the table again with all its columns, unless the form has none.",
            column_name=missed[0],
            row_count=len(missed),
        )
    ]


def as_exported(item: Element) -> str:
    """What COLLECT, and the workbook with its columns, calls an element."""
    return item.collect


def as_labelled(item: Element) -> str:
    """What the template calls an element."""
    return next(iter(item.labels), item.element)


def shown(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(name[:40] for name in names[:SHOWN]) + more
