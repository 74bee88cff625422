"""Bytes of a CSV file -> columns of text, or an error; nothing is guessed.

A strict structural scan decides: a file whose every record has the header's width, whose quotes
pair up around whole fields and that has no NUL goes through pyarrow with every column as text. Any
other file is read record by record, and what does not fit is put aside with its number and a
reason. What the columns mean does not belong here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.errors import InputError
from pipelines.ingest.csv_structure import is_regular, is_utf8
from pipelines.ingest.parcel import QuarantinedRow

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BOM = b"\xef\xbb\xbf"
# A quoted field of the published files spans at most a paragraph; a quote that is still open after
# this many lines was never meant to be one.
LINES_PER_RECORD_MAX = 50
TEXT_KEPT = 500
BLOCK_BYTES = 1 << 24


@dataclass(frozen=True)
class CsvTable:
    """A CSV file as text.

    Attributes:
        header: the names of the columns given, as printed, in order; may hold a name twice.
        columns: one pyarrow string array for each, no nulls.
        row_numbers: record number of each row as a spreadsheet shows it; the header is 1.
        quarantined: records whose structure does not fit.
        row_count_in: records after the header, blank lines left out.
    """

    header: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    row_numbers: np.ndarray
    quarantined: tuple[QuarantinedRow, ...]
    row_count_in: int

    @cached_property
    def position(self) -> dict[str, int]:
        """Place of each column by its lower-case name; of a name printed twice, the first."""
        places: dict[str, int] = {}
        for place, name in enumerate(self.header):
            places.setdefault(name.lower(), place)
        return places

    def column(self, name: str) -> pa.Array:
        """The column of that name, upper or lower case."""
        return self.columns[self.position[name.lower()]]

    def keep(self, mask: np.ndarray, put_aside: Sequence[QuarantinedRow]) -> CsvTable:
        """The rows where mask is true; the others must be in put_aside."""
        import pyarrow as pa

        chosen = pa.array(mask)
        return CsvTable(
            header=self.header,
            columns=tuple(column.filter(chosen) for column in self.columns),
            row_numbers=self.row_numbers[mask],
            quarantined=(*self.quarantined, *put_aside),
            row_count_in=self.row_count_in,
        )


def decode(raw: bytes) -> bytes:
    """The same text as UTF-8 without a byte-order mark.

    Accepts UTF-8 with or without BOM, and Windows-1252, which the DfE's older tools write.

    Raises:
        InputError: UTF-16, or bytes that are text in neither.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(
            "the text is UTF-16",
            remedy="Save the file again as 'CSV UTF-8 (comma delimited)'.",
        )
    body = raw[3:] if raw[:3] == BOM else raw
    return body if body.isascii() or is_utf8(body) else _from_cp1252(body)


def read(raw: bytes, wanted: Collection[str] | None = None) -> CsvTable:
    """The whole file, or those of its columns that are wanted; the structure of all is checked.

    wanted: column names in lower case.

    Raises:
        InputError: the bytes are not text, there is no header, or the header cannot be parsed.
    """
    body = decode(raw)
    header, start = _header(body)
    places = range(len(header))
    chosen = [place for place in places if wanted is None or header[place].lower() in wanted]
    # A file that has none of them is given whole: whoever asked sees what it is.
    chosen = chosen or list(places)
    found = None
    if is_regular(body, start, len(header)):
        found = _read_fast(body, header, start, chosen)
    return found or _read_by_record(body, header, chosen)


def header_of(raw: bytes) -> tuple[str, ...]:
    """The column names as printed, spaces around them taken off.

    Raises:
        InputError: there is none.
    """
    return _header(decode(raw))[0]


def records(body: bytes) -> Iterator[tuple[int, list[str] | None, str]]:
    """(record number from 1, fields, text) of each; fields are None where quotes do not pair.

    A quote that is never closed costs its own line only. Blank lines are numbered, not given.
    """
    lines = io.StringIO(body.decode("utf-8"), newline=None).readlines()
    number, place = 0, 0
    while place < len(lines):
        number += 1
        fields, used = _record(lines, place)
        text = "".join(lines[place : place + used]).rstrip("\r\n")
        place += used
        if text.strip():
            yield number, fields, text


def _record(lines: list[str], place: int) -> tuple[list[str] | None, int]:
    """Fields of the record that begins at a line, and how many lines it takes."""
    for used in range(1, min(LINES_PER_RECORD_MAX, len(lines) - place) + 1):
        text = "".join(lines[place : place + used])
        if text.count('"') % 2:
            continue
        try:
            return next(csv.reader(io.StringIO(text, newline=""), strict=True), []), used
        except csv.Error:
            break
    return None, 1


def _header(body: bytes) -> tuple[tuple[str, ...], int]:
    """Column names, and where the first record after them begins."""
    end = body.find(b"\n")
    if end < 0 and b"\r" in body.rstrip(b"\r"):
        raise InputError(
            "its lines end in a carriage return alone, as old Macintosh programs wrote them",
            remedy="Save the file again as 'CSV UTF-8 (comma delimited)'.",
        )
    line = body if end < 0 else body[:end]
    try:
        names = next(csv.reader([line.decode("utf-8").rstrip("\r")], strict=True), [])
    except csv.Error as error:
        raise InputError(
            f"the header cannot be parsed ({error})",
            remedy="Look at the quotation marks in the first line, and save the file again as "
            "'CSV UTF-8 (comma delimited)'.",
        ) from error
    if not any(name.strip() for name in names):
        raise InputError(
            "there is no header", remedy="The first line must name the columns, comma between."
        )
    return tuple(name.strip() for name in names), len(body) if end < 0 else end + 1


def _from_cp1252(body: bytes) -> bytes:
    try:
        return body.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is text neither in UTF-8 nor in Windows-1252",
            remedy="Save the file again as 'CSV UTF-8 (comma delimited)'.",
        ) from error


def _read_fast(
    body: bytes, header: tuple[str, ...], start: int, chosen: Sequence[int]
) -> CsvTable | None:
    """A regular file through pyarrow: every column text, nothing inferred, nothing null.

    None where a record is not as wide as the header, or a line is blank.
    """
    import numpy as np
    import pyarrow as pa

    lines = body.count(b"\n", start) + (start < len(body) and not body.endswith(b"\n"))
    try:
        columns = _arrow_columns(body, len(header), chosen) if lines else None
    except pa.ArrowInvalid:
        return None
    if columns is None:
        columns = tuple(pa.array([], pa.string()) for _ in chosen)
    if len(columns[0]) != lines:
        return None
    names = tuple(header[place] for place in chosen)
    return CsvTable(names, columns, np.arange(2, lines + 2, dtype=np.int64), (), lines)


def _arrow_columns(body: bytes, width: int, chosen: Sequence[int]) -> tuple[pa.Array, ...]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    places = [str(place) for place in range(width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(body),
        read_options=arrow_csv.ReadOptions(
            column_names=places, skip_rows=1, block_size=min(len(body) + 1, BLOCK_BYTES)
        ),
        convert_options=arrow_csv.ConvertOptions(
            # It is known to be UTF-8 by now.
            check_utf8=False,
            column_types=dict.fromkeys(places, pa.string()),
            include_columns=[str(place) for place in chosen],
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )
    columns = table.columns[::-1]
    del table
    # Each column is let go as soon as it is whole: a large file lies here once, not twice.
    return tuple(_one_array(columns.pop()) for _ in chosen)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _read_by_record(body: bytes, header: tuple[str, ...], chosen: Sequence[int]) -> CsvTable:
    """A file with records that do not fit: they are put aside, the rest is read."""
    import numpy as np
    import pyarrow as pa

    numbers: list[int] = []
    rows: list[list[str]] = []
    aside: list[QuarantinedRow] = []
    for number, fields, text in records(body):
        if number == 1:
            continue
        reason = _fault(fields, text, len(header))
        if reason is None and fields is not None:
            numbers.append(number)
            rows.append(fields)
        else:
            aside.append(QuarantinedRow(number, reason or "", text[:TEXT_KEPT].replace("\0", "?")))
    columns = tuple(pa.array([row[place] for row in rows], pa.string()) for place in chosen)
    names = tuple(header[place] for place in chosen)
    return CsvTable(
        names, columns, np.array(numbers, np.int64), tuple(aside), len(rows) + len(aside)
    )


def _fault(fields: list[str] | None, text: str, width: int) -> str | None:
    """Why a record cannot be used, or None."""
    if "\0" in text:
        return "holds a NUL character"
    if fields is None:
        return "a quotation mark is not closed or stands inside a field"
    if len(fields) != width:
        return f"has {len(fields)} fields where the header has {width}"
    return None
