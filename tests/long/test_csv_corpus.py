"""The CSV corpus `csv-spectrum`: each file is read to what its twin says, or put aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest import strict_csv

pytestmark = pytest.mark.long

# Its twin is of another file (a telephone number that the CSV does not hold).
NOT_ITS_TWIN = {"location_coordinates"}
FILES_MIN = 11


def records(table: strict_csv.CsvTable) -> list[dict[str, str]]:
    columns = [column.to_pylist() for column in table.columns]
    return [dict(zip(table.header, cells, strict=True)) for cells in zip(*columns, strict=True)]


def one_line_end(record: dict[str, str]) -> dict[str, str]:
    """A line break in a cell is one character to us, however the file writes it."""
    return {name: text.replace("\r\n", "\n") for name, text in record.items()}


def test_each_file_is_read_as_its_twin_or_put_aside(npm_package: Callable[[str], Path]) -> None:
    folder = npm_package("csv-spectrum")
    read = 0
    for path in sorted(folder.glob("csvs/*.csv")):
        table = strict_csv.read(path.read_bytes())
        assert len(table.row_numbers) + len(table.quarantined) == table.row_count_in, path.name
        if path.stem in NOT_ITS_TWIN:
            continue
        twin: list[dict[str, Any]] = json.loads((folder / "json" / f"{path.stem}.json").read_text())
        expected = [one_line_end(record) for record in twin]
        found = [one_line_end(record) for record in records(table)]
        assert all(record in expected for record in found), path.name
        assert table.row_count_in == len(expected), path.name
        assert found == expected, f"{path.name} is sound: nothing in it need be put aside"
        read += 1
    assert read >= FILES_MIN


def test_a_quotation_mark_inside_a_plain_field_stays_as_it_stands(
    npm_package: Callable[[str], Path],
) -> None:
    """The file whose twin is of another: none of its fields is quoted, so commas alone part it."""
    raw = (npm_package("csv-spectrum") / "csvs" / "location_coordinates.csv").read_bytes()
    _, line = strict_csv.decode(raw).decode().splitlines()
    (record,) = records(strict_csv.read(raw))
    assert list(record.values()) == line.split(",")
    assert record["Location Coordinates"].count('"') == 2
