"""Strategies for the other forms of a return, and the register of schools: sound, then spoiled."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from datetime import datetime

import openpyxl
from hypothesis import strategies as st

from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.xml import read_xml
from tests.hostile.mutations import CELLS, spoiled_archive, spoiled_csv
from tests.hostile.returns import sen2_xml
from tests.unit.ingest.sen2.returns import DESCRIBED, five_files_of, template_of, workbook_of
from tests.unit.ingest.test_gias import register

# What a cell of a workbook may hold beside text.
VALUES = (0, 1, -1, 1.5, 1e300, 45691, 45691.5, True, datetime(2025, 2, 3, 4, 5, 6), None)
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
COUNCIL_SCHOOL = {"LA (code)": "860", "EstablishmentName": "School"}


@functools.cache
def sound() -> Modules:
    return read_xml(io.BytesIO(sen2_xml(2).encode()), DESCRIBED)


@st.composite
def _spoiled_workbook(draw: st.DrawFn, raw: bytes) -> bytes:
    """One to four cells changed, put elsewhere or taken out with their row; then perhaps a byte."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for _ in range(draw(st.integers(1, 4))):
        sheet = book[draw(st.sampled_from(book.sheetnames))]
        row = draw(st.integers(1, sheet.max_row + 2))
        column = draw(st.integers(1, sheet.max_column + 2))
        way = draw(st.sampled_from(("text", "value", "no row", "new row", "no column")))
        if way == "text":
            sheet.cell(row, column).value = _legal(draw(st.sampled_from(CELLS)))
        elif way == "value":
            sheet.cell(row, column).value = draw(st.sampled_from(VALUES))
        else:
            _moved(sheet, row, column, way)
    kept = io.BytesIO()
    book.save(kept)
    return draw(_perhaps_damaged(_without_clock(kept.getvalue())))


def _without_clock(raw: bytes) -> bytes:
    """The workbook with fixed times: the same draws must give the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(kept, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == "docProps/core.xml":
                text = _TIME.sub(b"2026-01-15T00:00:00Z", text)
            after.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _moved(sheet: openpyxl.worksheet.worksheet.Worksheet, row: int, column: int, way: str) -> None:
    if way == "no row":
        sheet.delete_rows(row)
    elif way == "new row":
        sheet.insert_rows(row)
    else:
        sheet.delete_cols(column)


def _legal(text: str) -> str:
    """What openpyxl can write."""
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)


@st.composite
def _perhaps_damaged(draw: st.DrawFn, raw: bytes) -> bytes:
    if draw(st.integers(0, 9)):
        return raw
    place = draw(st.integers(0, len(raw) - 1))
    return raw[:place] + bytes([raw[place] ^ draw(st.integers(1, 255))]) + raw[place + 1 :]


@st.composite
def five_files(draw: st.DrawFn) -> bytes:
    """The sector's five CSV files in a zip, one of them spoiled."""
    return draw(spoiled_archive(five_files_of(sound())))


@st.composite
def templates(draw: st.DrawFn) -> bytes:
    """The DfE's workbook with its stacked tables."""
    return draw(_spoiled_workbook(template_of(sound(), 2026)))


@st.composite
def presubmissions(draw: st.DrawFn) -> bytes:
    """The workbook of before the submission, a sheet for each module."""
    return draw(_spoiled_workbook(workbook_of(sound(), 2026)))


@st.composite
def registers(draw: st.DrawFn) -> bytes:
    """The extract of the register of schools."""
    schools = [COUNCIL_SCHOOL | {"URN": str(900001 + number)} for number in range(3)]
    return draw(spoiled_csv(register(*schools)))


FORMS: dict[str, st.SearchStrategy[bytes]] = {
    "five files": five_files(),
    "template": templates(),
    "pre-submission": presubmissions(),
    "GIAS": registers(),
}
