"""The tables of one school census -> Modules: linked, cleaned, still as text.

A census of a large council has a hundred thousand pupils, England's nine million: whole columns are
worked on, only those that somebody reads are kept, and no row becomes a Python object unless it is
put aside. What the columns mean stands in data/reference/sources/census.yml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import strict_csv
from pipelines.ingest.census import links
from pipelines.ingest.census.cells import clean
from pipelines.ingest.census.marks import TABLE_ID
from pipelines.ingest.census.tables import EXPORT, Table, other_tables, sorted_tables
from pipelines.ingest.modules import Modules
from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
from pipelines.registry.census import ROOT_MODULE, CensusModule, census
from pipelines.settings import PROJECT_ROOT

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

FAMILY, FORM = "census", "collect_csv"
# What a school says of the census, and the month of each term's.
WHEN = ("census_term", "census_year", "reference_date")
MONTHS = {"AUT": "10", "SPR": "01", "SUM": "05"}
TWICE = "another row of the table has the same number"
LOST = "the row that it belongs to is not in the census"


@dataclass(frozen=True)
class _Linked:
    """A module as it is handed on, and what its children need: its table and its rows' numbers."""

    rows: pa.Table
    table: str
    ids: pa.Array
    row_count_in: int
    quarantined: tuple[QuarantinedRow, ...]


def read_census(files: Mapping[str, bytes]) -> Modules:
    """The tables of one census; files: name of the file -> its bytes.

    Tables that the product does not read are counted in a finding; so are unknown ones.

    Raises:
        InputError: a file is no table of a census, a table is there twice, schools are of several
            councils or days, or the census itself, the pupils on roll or the numbers that link
            their rows are missing.
    """
    known = census(PROJECT_ROOT)
    found = sorted_tables(files, known)
    linked: dict[str, _Linked] = {}
    findings: list[Finding] = []
    for name, module in known.modules.items():
        if name in found:
            linked[name] = _read(found[name], module, linked, findings)
            if name == ROOT_MODULE:
                _require_one_census(linked[name].rows, found[name].file)
                findings.extend(_doubtful_day(linked[name].rows))
        elif module.needed and _term_has(module, linked[ROOT_MODULE].rows):
            findings.append(_no_table(module))
    return Modules(
        family=FAMILY,
        form=FORM,
        tables={name: item.rows for name, item in linked.items()},
        row_counts_in={name: item.row_count_in for name, item in linked.items()},
        quarantined={name: item.quarantined for name, item in linked.items()},
        findings=(*findings, *other_tables(files, known)),
    )


def _require_one_census(root: pa.Table, file: str) -> None:
    """Schools of one council and one day, or one census would be counted as another."""
    for name, words in (("la_code", "councils"), ("reference_date", "census days")):
        if len(root[name].unique().drop_null()) > 1:
            raise InputError(
                f"its schools are of several {words}",
                where=file,
                remedy="Put each census, and each council's, into a folder or zip of its own.",
            )


def _doubtful_day(root: pa.Table) -> list[Finding]:
    """Term, year and day of the census must say the same."""
    said = zip(*(root[name].to_pylist() for name in WHEN), strict=True)
    wrong = [
        at
        for at, (term, year, on) in enumerate(said)
        if on is None or on[:4] != year or on[5:7] != MONTHS.get(term or "")
    ]
    if not wrong:
        return []
    return [
        Finding(
            rule="census_day",
            severity="error",
            message="Term, year and day of the census do not go together: autumn is October, "
            "spring January, summer May.",
            remedy=EXPORT,
            column_name="referencedate",
            row_count=len(wrong),
            first_row_number=root["row_number"][wrong[0]].as_py(),
        )
    ]


# ---- one table ---------------------------------------------------------------------------------


def _read(
    found: Table,
    module: CensusModule,
    linked: Mapping[str, _Linked],
    findings: list[Finding],
) -> _Linked:
    """One module: the columns that are wanted, and each row's parent."""
    above = linked.get(module.parent) if module.parent else None
    own, upper = f"{found.table}{TABLE_ID}", f"{above.table}{TABLE_ID}" if above else None
    table = _wanted(found, module, own, upper)
    findings.extend(_missing_columns(table, found, module))
    ids = links.as_numbers(table.column(own))
    twice = links.repeats(ids)
    parents = None
    lost = twice & False
    if above is not None and upper is not None:
        parents = links.places_of(links.as_numbers(table.column(upper)), above.ids)
        lost = parents < 0
    if twice.any() or lost.any():
        good = ~(twice | lost)
        table = table.keep(good, _aside(table, twice, lost))
        ids = ids.filter(_array(good))
        parents = None if parents is None else parents[good]
    rows = _rows(table, module, parents)
    quarantined = tuple(replace(row, text="") for row in table.quarantined)
    return _Linked(rows, found.table, ids, table.row_count_in, quarantined)


def _wanted(found: Table, module: CensusModule, own: str, upper: str | None) -> CsvTable:
    """The columns that somebody reads, and the numbers of the rows and of their parents."""
    names = {name for item in module.elements for name in (item.collect, *item.aliases)}
    ids = {own, upper} if upper else {own}
    table = strict_csv.read(found.content, {name.lower() for name in names} | ids)
    absent = sorted(ids - set(table.position))
    if absent:
        raise InputError(
            f"the table {found.table} has no column {', '.join(absent)}",
            where=found.file,
            remedy=EXPORT,
        )
    header = [name.lower() for name in table.header]
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise InputError(
            f"the table {found.table} has two columns {', '.join(doubled)}",
            where=found.file,
            remedy=EXPORT,
        )
    return table


def _rows(table: CsvTable, module: CensusModule, parents: np.ndarray | None) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    count = len(table.row_numbers)
    columns: dict[str, Any] = {
        "record": np.arange(1, count + 1, dtype=np.int64),
        "parent": pa.nulls(count, pa.int64())
        if parents is None
        else parents.astype(np.int64, copy=False) + 1,
        "row_number": table.row_numbers,
    }
    columns |= {item.column: clean(table, item) for item in module.elements}
    return pa.table(columns)


def _aside(table: CsvTable, twice: np.ndarray, lost: np.ndarray) -> list[QuarantinedRow]:
    """The rows that have no place of their own; nothing of what they say is kept."""
    import numpy as np

    return [
        QuarantinedRow(int(table.row_numbers[at]), TWICE if twice[at] else LOST, "", remedy=EXPORT)
        for at in np.flatnonzero(twice | lost)
    ]


def _array(mask: np.ndarray) -> pa.Array:
    import pyarrow as pa

    return pa.array(mask)


def _missing_columns(table: CsvTable, found: Table, module: CensusModule) -> list[Finding]:
    items = {item.column: item for item in module.elements}
    spellings = {name: (items[name].collect, *items[name].aliases) for name in module.needed}
    return [
        Finding(
            rule="missing_column",
            severity="error",
            message=f"The table {found.table} has no column {names[0]}; it stays empty.",
            remedy=EXPORT,
            column_name=names[0],
        )
        for names in spellings.values()
        if not any(name.lower() in table.position for name in names)
    ]


def _term_has(module: CensusModule, root: pa.Table) -> bool:
    """Whether the export of this term has the module's table; of an unknown term, yes."""
    terms = set(root["census_term"].unique().drop_null().to_pylist())
    return not terms or not terms.isdisjoint(module.tables)


def _no_table(module: CensusModule) -> Finding:
    return Finding(
        rule="no_table",
        severity="warning",
        message=f"There is no table {' or '.join(sorted(module.names))}; what it would say of the "
        "pupils is not known.",
        remedy=EXPORT,
    )
