"""Files of 100 MB through the door: under 1 GiB, every row accounted for, and how long it took."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.xml import read_xml
from tests.hostile.forms import COUNCIL_SCHOOL
from tests.hostile.other_returns import census_files, census_tables, early_support
from tests.hostile.outcome import MEMORY_BYTES, Outcome, assert_promises, besiege
from tests.hostile.returns import (
    FOOTER,
    HEADER,
    PERSON,
    cells_of,
    collect_files,
    collect_tables,
    csv_bytes,
    sen2_xml,
)
from tests.unit.ingest.sen2.returns import DESCRIBED, five_files_of, template_of, workbook_of
from tests.unit.ingest.test_gias import register

pytestmark = pytest.mark.long

LARGE = 100_000_000
# A workbook is packed about 10 to 1: what it holds is what costs.
LARGE_WORKBOOK = 5_000_000
HANG_SECONDS = 1200
# The cells of one row, drawn by chance: what repeats itself packs to nothing.
Cells = Callable[[int, np.random.Generator], str]


@pytest.fixture
def weighed(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> Callable[..., Outcome]:
    """Take a path in with little memory, check the promises, note time and memory."""

    def take(path: Path) -> Outcome:
        outcome = besiege(
            [path],
            tmp_path / "workspace",
            tmp_path / "keys",
            hang_seconds=HANG_SECONDS,
            room_bytes=4 * MEMORY_BYTES,
        )
        record_property("seconds", round(outcome.seconds, 1))
        record_property("peak_megabytes", outcome.peak_bytes // 1_000_000)
        assert_promises(outcome, tmp_path / "workspace")
        assert outcome.peak_bytes < MEMORY_BYTES, f"{outcome.peak_bytes:,} bytes"
        return outcome

    return take


def test_an_xml_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path) -> None:
    people = LARGE // len(PERSON.format(**cells_of(1)))
    path = tmp_path / "return.xml"
    with path.open("w", encoding="utf-8") as handle:
        handle.write(HEADER)
        handle.writelines(PERSON.format(**cells_of(number)) for number in range(1, people + 1))
        handle.write(FOOTER)
    assert path.stat().st_size > LARGE * 0.98
    outcome = weighed(path)
    assert outcome.is_landed
    # A header and eight records of each person.
    assert outcome.total("row_count_in") in {people, 1 + 8 * people}


@pytest.mark.parametrize("kind", ["a COLLECT export", "a census"])
def test_csv_files_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path, kind: str) -> None:
    make = (
        (collect_tables, collect_files)
        if kind == "a COLLECT export"
        else (census_tables, census_files)
    )
    tables, files = make
    each = sum(map(len, files(tables(1000)).values())) / 1000
    people = int(LARGE / each)
    folder = tmp_path / "export"
    folder.mkdir()
    for name, raw in files(tables(people)).items():
        (folder / name).write_bytes(raw)
    assert sum(path.stat().st_size for path in folder.iterdir()) > LARGE * 0.95
    outcome = weighed(folder)
    assert outcome.is_landed
    assert outcome.total("row_count_in") >= people


def return_of(people: int) -> Modules:
    return read_xml(io.BytesIO(sen2_xml(people).encode()), DESCRIBED)


def people_for(size: int, made: Callable[[int], int]) -> int:
    """How many records make a file of that size."""
    return int(size / (made(1000) / 1000))


def test_the_five_files_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path) -> None:
    people = people_for(
        LARGE, lambda count: sum(map(len, five_files_of(return_of(count)).values()))
    )
    folder = tmp_path / "five"
    folder.mkdir()
    for name, raw in five_files_of(return_of(people)).items():
        (folder / name).write_bytes(raw)
    outcome = weighed(folder)
    assert outcome.is_landed
    assert outcome.total("row_count_in") >= people


def test_a_return_of_the_council_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path) -> None:
    children = people_for(LARGE, lambda count: len(csv_bytes(early_support(count))))
    path = tmp_path / "early.csv"
    path.write_bytes(csv_bytes(early_support(children)))
    outcome = weighed(path)
    assert outcome.is_landed
    assert outcome.total("row_count_in") == children


def test_a_register_of_schools_of_100_mb(weighed: Callable[..., Outcome], tmp_path: Path) -> None:
    def schools(count: int) -> bytes:
        return register(*(COUNCIL_SCHOOL | {"URN": str(100000 + n)} for n in range(count)))

    count = people_for(LARGE, lambda number: len(schools(number)))
    path = tmp_path / "register.csv"
    path.write_bytes(schools(count))
    outcome = weighed(path)
    assert outcome.is_landed
    assert outcome.total("row_count_in") == count


@pytest.mark.parametrize(
    "made", [template_of, workbook_of], ids=["the template", "before the submission"]
)
def test_a_large_workbook(
    weighed: Callable[..., Outcome], tmp_path: Path, made: Callable[[Modules, int], bytes]
) -> None:
    people = people_for(LARGE_WORKBOOK, lambda count: len(made(return_of(count), 2026)))
    path = tmp_path / "return.xlsx"
    path.write_bytes(made(return_of(people), 2026))
    outcome = weighed(path)
    assert outcome.is_landed
    assert outcome.total("row_count_in") >= people


def numbers(row: int, drawn: np.random.Generator) -> str:
    """Ten cells of fifteen digits."""
    return "".join(
        f'<c r="{column}{row}"><v>{number}</v></c>'
        for column, number in zip("ABCDEFGHIJ", drawn.integers(10**14, 10**15, 10), strict=True)
    )


def letters(row: int, drawn: np.random.Generator) -> str:
    """Two cells of a thousand letters that no packing makes much smaller."""
    return "".join(
        f'<c r="{column}{row}" t="inlineStr"><is><t>'
        f"{base64.b64encode(drawn.bytes(750)).decode()}</t></is></c>"
        for column in "AB"
    )


def padded(path: Path, cells: Cells) -> None:
    """A template with a return in it, and below that rows until the file has 100 MB."""
    drawn = np.random.default_rng(20)
    with (
        zipfile.ZipFile(io.BytesIO(template_of(return_of(20), 2026))) as small,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in small.infolist():
            if not info.filename.startswith("xl/worksheets/"):
                target.writestr(info.filename, small.read(info))
                continue
            head, end, tail = small.read(info).decode().partition("</sheetData>")
            with target.open(info.filename, "w") as sheet:
                sheet.write(head.encode())
                for row in rows_below(head.count("<row ") + 10):
                    sheet.write(f'<row r="{row}">{cells(row, drawn)}</row>'.encode())
                    if not row % 100 and path.stat().st_size > LARGE:
                        break
                sheet.write(f"{end}{tail}".encode())


def rows_below(first: int) -> Iterator[int]:
    """The numbers of the rows that Excel has from one on."""
    return iter(range(first, 1_048_576))


def test_a_workbook_of_100_mb_of_texts_is_read(
    weighed: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "return.xlsx"
    padded(path, letters)
    assert path.stat().st_size > LARGE
    outcome = weighed(path)
    assert outcome.is_landed
    # The return above them is taken in; the rows that are none of its records are put aside.
    assert outcome.total("row_count_accepted") >= 20
    assert "rows_put_aside" in outcome.rules


def test_a_workbook_of_100_mb_of_numbers_is_refused_and_another_form_named(
    weighed: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "return.xlsx"
    padded(path, numbers)
    assert path.stat().st_size > LARGE
    outcome = weighed(path)
    assert not outcome.is_landed
    (refused,) = outcome.refusals
    assert "XML or the COLLECT export" in refused["remedy"]
