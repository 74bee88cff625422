"""The strict reader: what it reads fast, what it puts aside, what it refuses."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import InputError
from pipelines.ingest import csv_structure, strict_csv

WIDTH = 3
cell = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=8)


def texts(table: strict_csv.CsvTable) -> list[list[str]]:
    columns = [column.to_pylist() for column in table.columns]
    return [list(fields) for fields in zip(*columns, strict=True)]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
@pytest.mark.parametrize("bom", [b"", strict_csv.BOM])
@pytest.mark.parametrize("end", [True, False])
def test_bom_line_ends_and_last_line(newline: bytes, bom: bytes, end: bool) -> None:
    raw = bom + newline.join([b"a,b", b"1,x", b'"2, 3","said ""so"""']) + (newline if end else b"")
    table = strict_csv.read(raw)
    assert table.header == ("a", "b")
    assert texts(table) == [["1", "x"], ["2, 3", 'said "so"']]
    assert table.row_numbers.tolist() == [2, 3]
    assert not table.quarantined


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_both_encodings_give_the_same_text(encoding: str) -> None:
    table = strict_csv.read("name\nSt Helen\u2019s \u2013 caf\u00e9\n".encode(encoding))
    assert texts(table) == [["St Helen\u2019s \u2013 caf\u00e9"]]


def test_utf_16_is_refused_with_a_remedy() -> None:
    with pytest.raises(InputError, match="UTF-16") as error:
        strict_csv.read("a,b\n1,2\n".encode("utf-16"))
    assert "UTF-8" in error.value.remedy


def test_nothing_is_inferred_or_null() -> None:
    table = strict_csv.read(b"a,b,c\n007,,NA\nnull,true,2024-01-01\n")
    assert texts(table) == [["007", "", "NA"], ["null", "true", "2024-01-01"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,2", "has 2 fields where the header has 3"),
        (b"1,2,3,4", "has 4 fields where the header has 3"),
        (b"1,\0,3", "holds a NUL character"),
        (b'1,"2,3', "a quotation mark is not closed or stands inside a field"),
        (b'1,"2"2,3', "a quotation mark is not closed or stands inside a field"),
    ],
)
def test_a_bad_record_is_put_aside_and_the_rest_loads(line: bytes, reason: str) -> None:
    table = strict_csv.read(b"a,b,c\n1,2,3\n" + line + b"\n7,8,9\n")
    assert texts(table) == [["1", "2", "3"], ["7", "8", "9"]]
    assert table.row_numbers.tolist() == [2, 4]
    assert [(bad.row_number, bad.reason) for bad in table.quarantined] == [(3, reason)]
    assert table.row_count_in == 3


def test_a_quoted_line_break_stays_in_its_cell_and_keeps_the_numbering() -> None:
    table = strict_csv.read(b'a,b\n"two\nlines",1\nx,2\n')
    assert texts(table) == [["two\nlines", "1"], ["x", "2"]]
    assert table.row_numbers.tolist() == [2, 3]


def test_a_regular_file_with_quoted_commas_is_read_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(strict_csv, "_read_by_record")
    table = strict_csv.read(b'a,b\n"Bristol, City of",1\n"x ""y"", z",2\n')
    assert texts(table) == [["Bristol, City of", "1"], ['x "y", z', "2"]]


def test_blank_lines_are_no_rows() -> None:
    table = strict_csv.read(b"a,b\n1,2\n\n3,4\n\n")
    assert texts(table) == [["1", "2"], ["3", "4"]]
    assert table.row_numbers.tolist() == [2, 4]
    assert table.row_count_in == 2


def test_a_header_alone_is_an_empty_table() -> None:
    assert strict_csv.read(b"a,b").row_count_in == 0
    assert strict_csv.read(b"a,b\r\n").row_count_in == 0


@pytest.mark.parametrize("raw", [b"", b"\n1,2\n", b",,\n1,2,3\n", b'"a,b\n1,2\n'])
def test_without_a_header_the_file_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError, match="header"):
        strict_csv.read(raw)


@given(st.lists(st.lists(cell, min_size=WIDTH, max_size=WIDTH), max_size=6), st.booleans())
def test_what_was_written_is_read(rows: list[list[str]], quoted: bool) -> None:
    text = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=style, lineterminator="\r\n").writerows([["a", "b", "c"], *rows])
    table = strict_csv.read(text.getvalue().encode())
    assert texts(table) == rows
    assert not table.quarantined


@given(st.binary(max_size=200))
def test_every_record_of_any_bytes_is_accounted_for(noise: bytes) -> None:
    try:
        table = strict_csv.read(b"a,b,c\n" + noise)
    except InputError:
        return
    assert len(table.row_numbers) + len(table.quarantined) == table.row_count_in
    for fields in texts(table):
        assert len(fields) == WIDTH
        assert not any("\0" in field for field in fields)


@given(st.text('ab,"\r\n é', max_size=60), st.sampled_from([1, csv_structure.SCAN_BYTES]))
def test_the_fast_way_reads_what_reading_record_by_record_reads(text: str, block: int) -> None:
    body = f"a,b\n{text}".encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_structure, "SCAN_BYTES", block)
        table = strict_csv.read(body)
    slow = strict_csv._read_by_record(body, ("a", "b"), (0, 1))
    assert texts(table) == texts(slow)
    assert table.row_numbers.tolist() == slow.row_numbers.tolist()
    assert table.quarantined == slow.quarantined
    assert table.row_count_in == slow.row_count_in


def test_a_record_wider_than_a_block_of_the_scan_is_one_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_structure, "SCAN_BYTES", 4)
    monkeypatch.delattr(strict_csv, "_read_by_record")
    long = "x" * 100
    table = strict_csv.read(f'a,b\n"{long}","{long}, y"\n1,2\n'.encode())
    assert texts(table) == [[long, f"{long}, y"], ["1", "2"]]
