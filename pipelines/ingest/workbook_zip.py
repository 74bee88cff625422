"""The zip of a workbook, looked at before a library may make room for its cells.

The zip is checked as every zip is, each XML file is read by safe_xml; a sheet that claims to span
millions of cells, or shows a long text in thousands, is refused. What the cells hold stands in
workbook.py.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence

from pipelines.errors import InputError
from pipelines.ingest import safe_xml
from pipelines.ingest.archive import unpacked

UNPACKED_BYTES_MAX = 400_000_000
SPAN_MAX = 20_000_000
# Of cells that hold something, on all sheets: the library and the reader each keep all of them.
CELLS_MAX = 4_000_000
CONTENTS = "xl/workbook.xml"
# Texts stand once in the file, and once in memory for each cell that shows them.
TEXT_LETTERS_MAX = 100_000_000
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
TEXTS = "xl/sharedstrings.xml"
SHEET_RELATIONS = "xl/_rels/workbook.xml.rels"
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
VALUES = frozenset({"v", "is"})
# The type of a cell whose value is the number of a text.
REFERENCE = "s"
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    KeyError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)
SAVE_AGAIN = "Open the workbook, save it as .xlsx without a password, and try again."
USE_CSV = "A workbook of that size cannot be read safely; use the XML or the COLLECT export."


class Scan:
    """How far a sheet reaches, its formulas, its filled cells, and how many refer to a text."""

    def __init__(self) -> None:
        self.rows = self.columns = self.formula_count = self.text_count = self.cell_count = 0
        self.first_formula = self._at = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of cells, of what they hold, and of formulas."""
        bare = name.rpartition(":")[2]
        if bare == "c":
            self._at = attributes.get("r", "")
            self.text_count += attributes.get("t") == REFERENCE
        elif bare in VALUES:
            self.cell_count += 1
            self._reach()
        elif bare == "f":
            self.formula_count += 1
            self.first_formula = self.first_formula or self._at

    def _reach(self) -> None:
        found = PLACE.fullmatch(self._at)
        if not found:
            raise InputError("a cell does not say where it stands", remedy=SAVE_AGAIN)
        self.rows = max(self.rows, int(found[2]))
        self.columns = max(self.columns, _number_of(found[1]))


def opened(content: bytes) -> zipfile.ZipFile:
    """The workbook as a zip.

    Raises:
        InputError: it is damaged, or unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED as error:
        raise InputError("the workbook is damaged", remedy=SAVE_AGAIN) from error
    if sum(info.file_size for info in archive.infolist()) > UNPACKED_BYTES_MAX:
        raise InputError(
            f"the workbook unpacks to more than {UNPACKED_BYTES_MAX:,} bytes", remedy=USE_CSV
        )
    return archive


def scanned(content: bytes) -> dict[str, Scan]:
    """What safe_xml saw of each sheet, by its name; every XML file of the workbook is looked at."""
    unpacked(content, "workbook")
    with opened(content) as archive:
        contents = list(contents_of(archive))
        sheets = {path.lower() for _, path in contents}
        scans: dict[str, Scan] = {}
        for info in archive.infolist():
            path = info.filename
            if path.lower() in sheets or SHEETS.fullmatch(path):
                scans[path.lower()] = _scan(archive, path)
            elif path.endswith((".xml", ".rels")) and path.lower() != TEXTS:
                _read(archive, path, safe_xml.Handlers(_nothing, _nothing, _nothing))
        _require_few_cells(scans)
        _require_few_letters(archive, scans)
        return {name: scans.get(path.lower(), Scan()) for name, path in contents}


def _require_few_cells(scans: Mapping[str, Scan]) -> None:
    """Refuse more cells than memory has room for, small as they may be in the file."""
    cells = sum(scan.cell_count for scan in scans.values())
    if cells > CELLS_MAX:
        raise InputError(
            f"it has {cells:,} cells, more than {CELLS_MAX:,}", where="workbook", remedy=USE_CSV
        )


def _require_few_letters(archive: zipfile.ZipFile, scans: Mapping[str, Scan]) -> None:
    """Refuse texts that are short in the file and long in memory: each cell gets its own copy."""
    lengths = _text_lengths(archive)
    letters = sum(scan.text_count for scan in scans.values()) * max(lengths, default=0)
    if letters > TEXT_LETTERS_MAX:
        # Not every cell need hold the longest text: now each is looked at.
        shown = [path for path in archive.namelist() if path.lower() in scans]
        letters = sum(_letters(archive, path, lengths) for path in shown)
    if letters > TEXT_LETTERS_MAX:
        raise InputError(
            f"its cells hold texts of {letters:,} letters, more than {TEXT_LETTERS_MAX:,}",
            where=TEXTS,
            remedy=USE_CSV,
        )


def _text_lengths(archive: zipfile.ZipFile) -> Sequence[int]:
    """Letters of each text that cells refer to by its number."""
    lengths = array("L")

    def start(name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(letters: str) -> None:
        if lengths:
            lengths[-1] += len(letters)

    for path in archive.namelist():
        if path.lower() == TEXTS:
            _read(archive, path, safe_xml.Handlers(start, _nothing, text))
    return lengths


def _letters(archive: zipfile.ZipFile, path: str, lengths: Sequence[int]) -> int:
    """Letters of all texts that the cells of one sheet refer to."""
    total = 0
    is_text = is_value = False
    number = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_text, is_value, number
        bare = name.rpartition(":")[2]
        if bare == "c":
            is_text = attributes.get("t") == REFERENCE
        is_value, number = bare == "v" and is_text, ""

    def end(_: str) -> None:
        nonlocal total, is_value
        if is_value and number.isdecimal() and int(number[:9]) < len(lengths):
            total += lengths[int(number[:9])]
        is_value = False

    def text(letters: str) -> None:
        nonlocal number
        if is_value:
            number += letters[:9]

    _read(archive, path, safe_xml.Handlers(start, end, text))
    return total


def _scan(archive: zipfile.ZipFile, path: str) -> Scan:
    scan = Scan()
    _read(archive, path, safe_xml.Handlers(scan.start, _nothing, _nothing))
    if scan.rows * scan.columns > SPAN_MAX:
        raise InputError(
            f"a sheet spans {scan.rows:,} rows and {scan.columns:,} columns",
            where=path,
            remedy=USE_CSV,
        )
    return scan


def _read(archive: zipfile.ZipFile, path: str, handlers: safe_xml.Handlers) -> None:
    """One XML file of the workbook, told to handlers."""
    try:
        with archive.open(path) as handle:
            safe_xml.read(handle, handlers, safe_xml.new_parser())
    except InputError as error:
        where = f"{path}, {error.where}" if error.where else path
        raise InputError(error.what, where=where, remedy=SAVE_AGAIN) from error
    except DAMAGED as error:
        raise InputError("the workbook is damaged", where=path, remedy=SAVE_AGAIN) from error


def _nothing(*_: object) -> None:
    """Nothing is wanted of it."""


def _number_of(letters: str) -> int:
    """3 for C, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def contents_of(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet, and its file in the zip."""
    files = {
        found["Id"]: found["Target"] for found in _all(archive, SHEET_RELATIONS, "Relationship")
    }
    for found in _all(archive, CONTENTS, "sheet"):
        key = next((value for name, value in found.items() if name.endswith(":id")), "")
        target = files.get(key, "")
        yield found.get("name", ""), target.lstrip("/") if target[:1] == "/" else f"xl/{target}"


def _all(archive: zipfile.ZipFile, path: str, element: str) -> list[dict[str, str]]:
    """The attributes of every element of a name."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == element:
            found.append(attributes)

    _read(archive, path, safe_xml.Handlers(start, _nothing, _nothing))
    return found
