"""One return of the council -> Modules with one module: the return's own name.

The header is understood through the aliases of data/reference/sources/council.yml, so columns may
stand in any order and under the names that a council gives them. A row whose key cells cannot be
read is put aside with the reason; another cell that cannot be read is emptied, and a finding says
which and where. What cells say together is left to the rules. The layout of the alternative
provision census is read in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.errors import InputError
from pipelines.ingest import strict_csv
from pipelines.ingest.columns import mapped, where
from pipelines.ingest.council import cells
from pipelines.ingest.council.contract import Contract
from pipelines.ingest.council.corrections import unfit_corrections, with_legible_texts
from pipelines.ingest.modules import Modules
from pipelines.ingest.parcel import Finding, QuarantinedRow
from pipelines.ingest.strict_csv import CsvTable
from pipelines.ingest.words import is_header, shown_unless_cells
from pipelines.registry.council_returns import (
    IDENTIFIERS,
    CouncilReturn,
    CouncilReturns,
    ReturnColumn,
    plain_name,
)
from pipelines.registry.strict import nearest

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

FAMILY, FORM = "council", "csv"
CORRECTIONS = "case_correction"
NAME_LENGTH = 40
WRITE_AGAIN = "Put the row right in the file, or take it out, and ingest the file again."
NOBODY = "it names no child: neither UPN nor ULN nor name with birth date"
NAMES_SOMEBODY = (
    "its {0} holds a number, date, postcode or mail address by which somebody can be known"
)
TOO_LONG = f"its {{0}} is longer than {cells.LONGEST_TEXT} characters"
# Names of the child and what is compared with other texts of this kind.
PERSONAL = frozenset({"surname", "forename"})
# Types that a council fills with words or signs of its own.
OWN_WORDS = frozenset({"text", "post_code"})
# Values of an item that names nobody, which may be a day.
VALUES = frozenset({"printed_text", "corrected_text"})

Texts = Mapping[str, "pa.DictionaryArray"]


def read_return(
    content: bytes, name: str, returns: CouncilReturns, family: str = FAMILY
) -> Modules:
    """One return; name: which of `returns`.

    Raises:
        InputError: the bytes are no CSV, a key column is missing, two columns mean the same, or
            rows are of several councils.
    """
    layout = returns.returns[name]
    table = strict_csv.read(content)
    places, findings = _places(table, name, layout)
    texts = _texts(table, places, layout, returns)
    aside = _unfit(texts, name, layout, returns)
    contract = Contract(table.row_numbers, frozenset(aside))
    held = {
        item.column: contract.held(item, texts[item.column], returns) for item in layout.columns
    }
    rows = _module(table, held, layout)
    if aside:
        rows = _without(rows, aside)
    if name == CORRECTIONS:
        rows = with_legible_texts(rows)
    _require_one_council(rows)
    quarantined = [*table.quarantined, *_rows_of(table, aside)]
    return Modules(
        family=family,
        form=FORM,
        tables={name: rows},
        row_counts_in={name: table.row_count_in},
        quarantined={name: tuple(_silent(row) for row in quarantined)},
        findings=(*findings, *contract.findings),
    )


# ---- header ------------------------------------------------------------------------------------


def _places(
    table: CsvTable, name: str, layout: CouncilReturn
) -> tuple[dict[str, int], tuple[Finding, ...]]:
    """Column -> its place in the file, and what is to be said of the header."""
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(table.header):
        column = layout.meant_by.get(plain_name(heading))
        if column is None:
            unknown.append(heading)
        elif column in places:
            raise InputError(
                f"this is the return '{name}', but two of its columns mean {column}",
                remedy="Leave one of them out.",
            )
        else:
            places[column] = place
    _require(places, name, layout)
    absent = [item for item in layout.columns if item.is_required and item.column not in places]
    findings = [_missing(item.column, name) for item in absent]
    return places, (*findings, *_unknown(unknown, table.header, layout))


def _require(places: Mapping[str, int], name: str, layout: CouncilReturn) -> None:
    missing = [column for column in layout.keys if column not in places]
    if missing:
        raise InputError(
            f"this is the return '{name}', but it has no column {', '.join(missing)}",
            remedy=f"Add it; `send template {name}` writes a file with all columns.",
        )
    if layout.is_personal and not any(set(way) <= set(places) for way in IDENTIFIERS):
        raise InputError(
            f"this is the return '{name}', but no column says which child a row is about",
            remedy="Add upn, or uln, or surname, forename and birth_date.",
        )


def _require_one_council(rows: pa.Table) -> None:
    if len(rows.column("la_code").unique().drop_null()) > 1:
        raise InputError(
            "its rows are of several councils",
            remedy="Put the rows of each council into a file of their own.",
        )


def _missing(column: str, name: str) -> Finding:
    return Finding(
        rule="missing_column",
        severity="error",
        message=f"There is no column {column}.",
        remedy=f"Add it; `send template {name}` writes a file with all columns.",
        column_name=column,
    )


def _unknown(
    headings: Sequence[str], header: Sequence[str], layout: CouncilReturn
) -> list[Finding]:
    named = [heading for heading in headings if heading.strip()]
    if not named:
        return []
    shown = shown_unless_cells(named, header)
    # What may be a cell is not compared either: the comparison would quote it.
    is_named = is_header(len(header) - len(named), len(header))
    first = named[0][:NAME_LENGTH] if is_named else ""
    return [
        Finding(
            rule="unknown_column",
            severity="warning",
            message=f"Columns that the return does not have, not read: {shown}.",
            remedy=f"Give it its name if it is one of the return's{nearest(first, layout.header)}.",
            column_name=first or None,
        )
    ]


# ---- cells -------------------------------------------------------------------------------------


def _texts(
    table: CsvTable, places: Mapping[str, int], layout: CouncilReturn, returns: CouncilReturns
) -> dict[str, pa.DictionaryArray]:
    import pyarrow as pa

    empty = pa.array([""] * len(table.row_numbers), pa.string())
    return {
        item.column: mapped(
            table.columns[places[item.column]] if item.column in places else empty,
            cells.changer(item, returns),
        )
        for item in layout.columns
    }


def _module(table: CsvTable, texts: Texts, layout: CouncilReturn) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    count = len(table.row_numbers)
    columns: dict[str, Any] = {
        "record": np.arange(1, count + 1, dtype=np.int64),
        "parent": pa.nulls(count, pa.int64()),
        "row_number": table.row_numbers,
    }
    columns |= {name: texts[name].dictionary_decode() for name in layout.header}
    return pa.table(columns)


# ---- rows that cannot be used --------------------------------------------------------------------


def _unfit(
    texts: Texts, name: str, layout: CouncilReturn, returns: CouncilReturns
) -> dict[int, str]:
    """Place of the row -> the first reason why it cannot be used."""
    reasons: dict[int, str] = {}
    for item in layout.columns:
        for mask, reason in _faults(item, texts[item.column], returns):
            for at in mask.nonzero()[0].tolist():
                reasons.setdefault(at, reason)
    if layout.is_personal:
        for at in (~_names_a_child(texts, layout, returns)).nonzero()[0].tolist():
            reasons.setdefault(at, NOBODY)
    if name == CORRECTIONS:
        reasons = unfit_corrections(texts) | reasons
    return reasons


def _faults(
    item: ReturnColumn, column: pa.DictionaryArray, returns: CouncilReturns
) -> Iterator[tuple[np.ndarray, str]]:
    """Where the cells of one column make their rows unusable, and why."""
    if item.is_key:
        yield ~where(column, cells.tester(item, returns)), _unreadable(item.column)
    if item.type in OWN_WORDS and item.column not in PERSONAL:
        names = cells.bears_a_number if item.column in VALUES else cells.names_somebody
        yield where(column, names), NAMES_SOMEBODY.format(item.column)
        yield where(column, cells.is_too_long), TOO_LONG.format(item.column)


def _unreadable(column: str) -> str:
    return f"its {column} is missing or cannot be read"


def _names_a_child(texts: Texts, layout: CouncilReturn, returns: CouncilReturns) -> np.ndarray:
    """Where one of the ways to name a child is there; a malformed UPN is none."""
    import numpy as np

    columns = {item.column: item for item in layout.columns}
    ways = [
        np.logical_and.reduce(
            [where(texts[name], cells.tester(columns[name], returns)) for name in way]
        )
        for way in IDENTIFIERS
    ]
    named: np.ndarray = np.logical_or.reduce(ways)
    return named


def _without(rows: pa.Table, aside: Mapping[int, str]) -> pa.Table:
    """The other rows, counted afresh."""
    import numpy as np
    import pyarrow as pa

    good = np.ones(rows.num_rows, bool)
    good[list(aside)] = False
    kept = rows.filter(pa.array(good))
    return kept.set_column(0, "record", [np.arange(1, kept.num_rows + 1, dtype=np.int64)])


def _rows_of(table: CsvTable, aside: Mapping[int, str]) -> list[QuarantinedRow]:
    return [
        QuarantinedRow(int(table.row_numbers[at]), reason, "", remedy=WRITE_AGAIN)
        for at, reason in sorted(aside.items())
    ]


def _silent(row: QuarantinedRow) -> QuarantinedRow:
    """The row without its text, which may name a child."""
    return QuarantinedRow(row.row_number, row.reason, "", row.severity, row.remedy)
