"""Workbooks made to harm: bombs in their parts, cells far out, formulas, locks, damage."""

from __future__ import annotations

import io
import random
import string
import zipfile
from collections.abc import Callable, Sequence

import pytest

from pipelines.settings import Settings
from tests.hostile.outcome import Outcome, landed_rows
from tests.hostile.returns import Rows, collect_tables, zip_bytes

Attack = Callable[..., Outcome]
MEGABYTE = 1_000_000
SHEETS = {
    "person": "Person",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Named Plan",
    "plandetail": "Plan Detail",
    "activeplans": "Active Plan",
    "placementdetail": "Placement Detail",
    "senneed": "SEN Need",
}
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(tables: dict[str, Rows] | None = None, **extra: Sequence[Sequence[object]]) -> bytes:
    """A pre-submission workbook: a sheet for each module, ids as numbers; extra sheets by name."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for table, rows in (tables or collect_tables()).items():
        if table in SHEETS:
            sheet = book.create_sheet(SHEETS[table])
            sheet.append(list(rows[0]))
            for row in rows:
                sheet.append([cell_of(name, text) for name, text in row.items()])
    for name, lines in extra.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def cell_of(name: str, text: str) -> object:
    return float(text) if name.endswith("tableid") and text.isdecimal() else text or None


def with_part(raw: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with some of its parts changed."""
    parts = parts_of(raw)
    assert changes.keys() <= parts.keys(), sorted(parts)
    return zip_bytes({name: changes.get(name, bytes)(part) for name, part in parts.items()})


def parts_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_texts(text: str, before: str = "", cells: int = 1) -> bytes:
    """The workbook with a table of texts, its only text in so many cells of the first sheet."""
    numbers = range(100, 100 + cells)
    rows = "".join(f'<row r="{n}"><c r="F{n}" t="s"><v>0</v></c></row>' for n in numbers)
    changed = with_part(
        workbook(),
        {
            FIRST: lambda part: part.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
            "[Content_Types].xml": lambda part: part.replace(
                b"</Types>",
                b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
                b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
            ),
            "xl/_rels/workbook.xml.rels": lambda part: part.replace(
                b"</Relationships>",
                b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxml'
                b'formats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
            ),
        },
    )
    texts = f'<?xml version="1.0"?>{before}<sst xmlns="{SPREADSHEET}"><si><t>{text}</t></si></sst>'
    return zip_bytes(parts_of(changed) | {STRINGS: texts.encode()})


FIRST = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">'
        for a, b in zip(string.ascii_lowercase[:9], string.ascii_lowercase[1:10], strict=True)
    )
    + "]>"
)


def far_out(part: bytes) -> bytes:
    """One cell in the last row and column that a sheet has."""
    return part.replace(
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )


def before_root(text: str) -> Callable[[bytes], bytes]:
    """Put text before the root element of a part."""
    return lambda part: text.encode() + part


def long_text() -> str:
    return "".join(random.Random(1).choices(string.ascii_letters, k=MEGABYTE))  # noqa: S311


BOMBS: dict[str, Callable[[], bytes]] = {
    "a sheet packed 1000 to 1": lambda: with_part(
        workbook(),
        {FIRST: lambda part: part.replace(b"<sheetData>", b"<sheetData>" + b" " * 3 * 10**8)},
    ),
    "a cell far out": lambda: with_part(workbook(), {FIRST: far_out}),
    "a false dimension": lambda: with_part(
        workbook(),
        {
            FIRST: lambda part: part.replace(
                b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'
            )
        },
    ),
    "laughs in the texts": lambda: with_texts("&j;", LAUGHS),
    "laughs in a sheet": lambda: with_part(
        workbook(),
        {FIRST: lambda part: before_root(LAUGHS)(part).replace(b"<t>", b"<t>&j;", 1)},
    ),
    "one long text in many cells": lambda: with_texts(long_text(), cells=20_000),
    "a million rows of nothing": lambda: with_part(
        workbook(),
        {
            FIRST: lambda part: part.replace(
                b"</sheetData>",
                b"".join(b'<row r="%d"/>' % n for n in range(50, 1_000_000)) + b"</sheetData>",
            )
        },
    ),
    "many sheets": lambda: workbook(**{f"s{number}": [["a"]] for number in range(2000)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_is_a_bomb_does_not_go_off(besieged: Attack, name: str) -> None:
    besieged(BOMBS[name](), "return.xlsx")


@pytest.mark.parametrize("name", ["laughs in the texts", "laughs in a sheet"])
def test_a_document_type_in_a_part_lands_nothing(attack: Attack, name: str) -> None:
    assert not attack(BOMBS[name](), "return.xlsx").is_landed


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNREADABLE: dict[str, Callable[[], bytes]] = {
    "locked or of before 2007": lambda: COMPOUND + b"\0" * 4000,
    "an OpenDocument sheet": lambda: zip_bytes(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
    ),
    "a letter": lambda: zip_bytes({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
    "a workbook without sheets": lambda: with_part(
        workbook(), {"xl/workbook.xml": lambda part: part.replace(b"<sheet ", b"<shoot ")}
    ),
    "a workbook without its texts": lambda: zip_bytes(parts_of(with_texts("a")) | {STRINGS: b""}),
    "a sheet that is no XML": lambda: with_part(workbook(), {FIRST: lambda part: b"\0\0\0"}),
    "a text number that is not there": lambda: with_part(
        with_texts("a"), {FIRST: lambda part: part.replace(b"<v>0</v>", b"<v>999999999</v>")}
    ),
    "a number that is none": lambda: with_part(
        workbook(), {FIRST: lambda part: part.replace(b"<v>1</v>", b"<v>1e99999x</v>")}
    ),
    "another workbook": lambda: workbook({}, Rota=[["Monday", "Tuesday"], ["a", "b"]]),
    "an empty workbook": lambda: workbook({}, Sheet1=[]),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_readable_return_is_refused_plainly(attack: Attack, name: str) -> None:
    outcome = attack(UNREADABLE[name](), "return.xlsx")
    assert not outcome.is_landed or outcome.total("row_count_quarantined") or outcome.findings


def test_a_workbook_that_was_cut_short_lands_nothing(attack: Attack, workspace: Settings) -> None:
    raw = workbook()
    for number, size in enumerate(range(4, len(raw), len(raw) // 15)):
        assert not attack(raw[:size], f"{number}.xlsx").is_landed, size
    assert not list(workspace.landing.glob("*/*.parquet"))


FORMULAS = ("=cmd|'/c calc'!A1", '=WEBSERVICE("http://127.0.0.1:9/")', "=1+1", "=#REF!")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_not_run_and_its_text_goes_no_further(
    attack: Attack, workspace: Settings, formula: str
) -> None:
    tables = collect_tables()
    tables["person"][0]["surname"] = formula
    tables["senneed"][0]["sentype"] = formula
    outcome = attack(workbook(tables), "return.xlsx")
    assert formula not in outcome.words
    assert formula[1:] not in str(landed_rows(workspace))
