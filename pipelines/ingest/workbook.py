"""Bytes of an .xlsx workbook -> its sheets as text, or an error; hostile ones are refused.

A workbook is a zip of XML files, which workbook_zip.py looks at before the library does that makes
room for their cells. What the cells mean does not belong here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.archive import ZIP_MAGIC
from pipelines.ingest.workbook_zip import (
    CONTENTS,
    DAMAGED,
    SAVE_AGAIN,
    Scan,
    contents_of,
    opened,
    scanned,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.ingest.strict_csv import CsvTable

Cell = str | float | int | bool | date | datetime | time | timedelta | None

# Beyond this a number of a spreadsheet has lost digits.
EXACT_BELOW = 1e15


@dataclass(frozen=True)
class Sheet:
    """One sheet as text.

    Attributes:
        rows: number as the spreadsheet shows it, and the cells from column A on; no blank rows.
        formula_count: cells whose value a formula gave, when the workbook was last saved.
        first_formula: the first of them, e.g. B7.
    """

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    formula_count: int = 0
    first_formula: str = ""


def is_workbook(content: bytes) -> bool:
    """Whether it is a zip with a workbook in it."""
    if content[:4] != ZIP_MAGIC:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return CONTENTS in archive.namelist()
    except DAMAGED:
        return False


def sheet_names(content: bytes) -> tuple[str, ...]:
    """The names of the sheets, in order; only the list of contents is read.

    Raises:
        InputError: the list is damaged or hostile.
    """
    with opened(content) as archive:
        return tuple(name for name, _ in contents_of(archive))


def read_sheets(content: bytes, wanted: Collection[str]) -> dict[str, Sheet]:
    """The sheets of those names, dates as 2025-09-28, whole numbers without a fraction.

    Raises:
        InputError: the workbook is damaged, hostile, or too large.
    """
    import python_calamine

    scans = scanned(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: _sheet(book.get_sheet_by_name(name).to_python(skip_empty_area=False), scans[name])
            for name in wanted
        }
    except (python_calamine.CalamineError, ValueError, OSError, KeyError) as error:
        raise InputError("the workbook is damaged", remedy=SAVE_AGAIN) from error


def as_table(rows: Collection[tuple[int, tuple[str, ...]]]) -> CsvTable:
    """The first of the rows as the header, the others below it; cells beside it are kept.

    A column without a heading is called by its number if it holds anything, and left out otherwise.
    """
    import numpy as np

    from pipelines.ingest.strict_csv import CsvTable

    (_, header), *body = rows
    width = max(len(cells) for _, cells in rows)
    columns = [
        [cells[place] if place < len(cells) else "" for _, cells in body] for place in range(width)
    ]
    named = [
        (header[place].strip() if place < len(header) else "") or f"column {place + 1}, no heading"
        for place in range(width)
    ]
    held = [
        place
        for place in range(width)
        if (place < len(header) and header[place].strip()) or any(columns[place])
    ]
    numbers = np.array([number for number, _ in body], np.int64)
    return CsvTable(
        tuple(named[place] for place in held),
        tuple(_strings(columns[place]) for place in held),
        numbers,
        (),
        len(body),
    )


def _strings(cells: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(cells, pa.string())


# ---- cells --------------------------------------------------------------------------------------


def _sheet(rows: Sequence[Sequence[Cell]], scan: Scan) -> Sheet:
    texts = (
        (number, tuple(_text(cell) for cell in row)) for number, row in enumerate(rows, start=1)
    )
    filled = tuple(
        (number, cells) for number, cells in texts if any(cell.strip() for cell in cells)
    )
    return Sheet(filled, scan.formula_count, scan.first_formula)


def _text(cell: Cell) -> str:
    """A cell as `Modules` writes it."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_BELOW:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat() if cell.time() != time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
