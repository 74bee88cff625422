"""The DfE template: the same return as in the XML; and workbooks that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest import workbook_zip
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.template import read_template
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import (
    DESCRIBED,
    EXAMPLE,
    accounted,
    refusal,
    returns,
    template_of,
    tree_of,
    workbook_of,
)

YEARS = [2023, 2024, 2025, 2026]


@pytest.fixture(scope="module")
def example() -> Modules:
    return read_xml(EXAMPLE, DESCRIBED)


@pytest.fixture(scope="module")
def template(example: Modules) -> bytes:
    return template_of(example, 2026)


@pytest.fixture(scope="module")
def workbook(example: Modules) -> bytes:
    return workbook_of(example, 2026)


def found(modules: Modules) -> set[str]:
    return {finding.rule for finding in modules.findings}


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def cell_below(sheet: Any, title: str, heading: str, row: int = 1) -> Any:
    """The cell under a heading of the table of that title."""
    rows = list(sheet.iter_rows())
    top = next(n for n, cells in enumerate(rows) if cells[0].value == title)
    place = next(n for n, cell in enumerate(rows[top + 1]) if cell.value == heading)
    return rows[top + 1 + row][place]


# ---- the template -------------------------------------------------------------------------------


def test_the_template_says_the_same_as_the_xml(example: Modules, template: bytes) -> None:
    modules = read_template(template, DESCRIBED)
    people = tree_of(modules)
    assert people == tree_of(example)
    assert len(people) == 9
    columns = list(DESCRIBED.modules["header"].columns)
    # The serial number 001 is a number in Excel.
    said = modules.tables["header"].select(columns).to_pylist()[0]
    assert said == example.tables["header"].select(columns).to_pylist()[0] | {"serial_number": "1"}
    accounted(modules)
    assert modules.form == "template"


def test_meeting_and_decision_of_the_review_are_not_taken_for_each_other(template: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template)).active
    meeting = cell_below(sheet, "Active Plan Records", "Annual Review Meeting Date", 3)
    decision = cell_below(sheet, "Active Plan Records", "EHC Plan Review Decisions Date", 3)
    assert (meeting.value, decision.value) == ("2025-09-18", "2025-10-28")
    elm = read_template(template, DESCRIBED).tables["active_plan"].to_pylist()[2]
    assert elm["review_meeting_date"] == "2025-09-18"
    assert elm["last_review_date"] == "2025-10-28"


@pytest.mark.parametrize("year", YEARS)
def test_any_return_as_a_template_is_the_same_return(year: int) -> None:
    @settings(max_examples=10)
    @given(returns(year))
    def check(modules: Modules) -> None:
        again = read_template(template_of(modules, year), DESCRIBED)
        accounted(again)
        lost = {"attendance_pattern"}
        assert without(tree_of(again), lost) == without(tree_of(modules), lost)

    check()


def without(tree: Any, columns: set[str]) -> Any:
    if isinstance(tree, dict):
        return {name: value for name, value in tree.items() if name not in columns}
    return (
        type(tree)(without(item, columns) for item in tree)
        if isinstance(tree, list | tuple)
        else tree
    )


def test_excel_dates_are_dates(template: bytes) -> None:
    def change(book: Any) -> None:
        birth = cell_below(book.active, "Person Record", "Date of Birth")
        birth.value = datetime(2018, 5, 11)
        birth.number_format = "dd/mm/yyyy"
        received = cell_below(book.active, "Requests Records", "Date request was received")
        received.value = date(2025, 2, 3)

    modules = read_template(edited(template, change), DESCRIBED)
    assert modules.tables["person"].column("birth_date")[0].as_py() == "2018-05-11"
    assert modules.tables["request"].column("received_date")[0].as_py() == "2025-02-03"


def test_codes_written_as_fractions_in_text_are_codes(template: bytes) -> None:
    changed = edited(
        template,
        lambda book: setattr(
            cell_below(book.active, "Plan Detail Records", "URN"), "value", "900001.0"
        ),
    )
    modules = read_template(changed, DESCRIBED)
    assert modules.tables["plan_detail"].column("urn")[0].as_py() == "900001"


def test_headings_with_other_case_spaces_and_dashes_are_the_same(
    example: Modules, template: bytes
) -> None:
    def change(book: Any) -> None:
        for row in book.active.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and " - " in cell.value:
                    cell.value = "  " + cell.value.upper().replace(" - ", " \u2013  ")

    assert tree_of(read_template(edited(template, change), DESCRIBED)) == tree_of(example)


def test_a_formula_is_told_of(template: bytes) -> None:
    changed = edited(
        template,
        lambda book: setattr(
            cell_below(book.active, "Plan Detail Records", "URN"), "value", "=900000+1"
        ),
    )
    told = [f for f in read_template(changed, DESCRIBED).findings if f.rule == "formula_cells"]
    assert [finding.row_count for finding in told] == [1]


def test_a_row_without_a_person_is_put_aside(template: bytes) -> None:
    changed = edited(
        template,
        lambda book: setattr(
            cell_below(book.active, "Requests Records", "Person ID"), "value", None
        ),
    )
    modules = read_template(changed, DESCRIBED)
    accounted(modules)
    assert len(modules.quarantined["request"]) == 1
    assert modules.quarantined["assessment"]


def test_rows_are_numbered_as_the_sheet_shows_them(template: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template)).active
    row = cell_below(sheet, "SEN Need Records", "SEN Type of Need").row
    modules = read_template(template, DESCRIBED)
    assert modules.tables["sen_need"].column("row_number")[0].as_py() == row


@pytest.mark.parametrize("title", ["Person Record", "Requests Records"])
def test_a_template_without_people_or_requests_is_refused(template: bytes, title: str) -> None:
    def change(book: Any) -> None:
        for row in book.active.iter_rows():
            row[0].value = "Something" if row[0].value == title else row[0].value

    with pytest.raises(InputError) as error:
        read_template(edited(template, change), DESCRIBED)
    assert error.value.remedy


def test_a_table_that_stands_twice_is_refused(template: bytes) -> None:
    def change(book: Any) -> None:
        book.active.append(["Person Record"])

    with pytest.raises(InputError, match="'Person Record' stands twice"):
        read_template(edited(template, change), DESCRIBED)


# ---- hostile workbooks --------------------------------------------------------------------------


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", 8) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
    return kept.getvalue()


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("spans 1,048,576 rows", lambda name, raw: raw.replace(b"</sheetData>", FAR)),
        ("DOCTYPE", lambda name, raw: raw.replace(b"<worksheet", b"<!DOCTYPE a><worksheet")),
        ("where it stands", lambda name, raw: raw.replace(b'r="A1"', b'r="none"')),
        ("ends before", lambda name, raw: raw[:-20] if "sheet1" in name else raw),
        ("unpacks to more", lambda name, raw: raw + b" " * 30_000_000 if "sheet1" in name else raw),
    ],
    ids=["far-cell", "doctype", "cell-without-place", "cut-short", "bomb"],
)
def test_a_hostile_workbook_is_refused(
    template: bytes, words: str, change: Callable[[str, bytes], bytes]
) -> None:
    with pytest.raises(InputError, match=words) as error:
        read_template(repacked(template, change), DESCRIBED)
    assert error.value.remedy


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    raw = DAMAGED
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:place] + data.draw(st.binary(min_size=1, max_size=4)) + raw[place + 1 :]
    error = refusal(lambda: read_template(changed, DESCRIBED))
    assert error is None or error.remedy


DAMAGED = template_of(read_xml(EXAMPLE, DESCRIBED), 2026)


def test_a_workbook_of_more_cells_than_memory_has_room_for_is_refused(
    template: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = sum(scan.cell_count for scan in workbook_zip.scanned(template).values())
    assert held > 100
    monkeypatch.setattr(workbook_zip, "CELLS_MAX", held)
    assert read_template(template, DESCRIBED, 2026).tables["person"].num_rows == 9
    monkeypatch.setattr(workbook_zip, "CELLS_MAX", held - 1)
    with pytest.raises(InputError, match=f"it has {held:,} cells") as error:
        read_template(template, DESCRIBED, 2026)
    assert "XML or the COLLECT export" in error.value.remedy
