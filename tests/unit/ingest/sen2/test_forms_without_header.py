"""The workbook of before the submission and the five files: a return as far as they hold it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings

from pipelines.errors import InputError
from pipelines.ingest.modules import Modules
from pipelines.ingest.sen2.five_file import read_five_file
from pipelines.ingest.sen2.presubmission import read_presubmission
from pipelines.ingest.sen2.xml import read_xml
from tests.unit.ingest.sen2.returns import (
    DESCRIBED,
    EXAMPLE,
    accounted,
    five_files_of,
    returns,
    same,
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


# ---- the workbook of before the submission ------------------------------------------------------


def test_the_workbook_says_the_same_but_for_the_header(example: Modules, workbook: bytes) -> None:
    modules = read_presubmission(workbook, DESCRIBED)
    people = tree_of(modules)
    assert people == tree_of(example)
    assert len(people) == 9
    assert modules.tables["header"].num_rows == 0
    assert modules.tables["message"].column("header_count").to_pylist() == [None]
    assert "form_without_header" in found(modules)
    accounted(modules)


@pytest.mark.parametrize("year", YEARS)
def test_any_return_as_a_workbook_is_the_same_return(year: int) -> None:
    @settings(max_examples=10)
    @given(returns(year))
    def check(modules: Modules) -> None:
        again = (
            read_presubmission(workbook_of(modules, year), DESCRIBED) if people(modules) else None
        )
        if again is not None:
            assert tree_of(again) == tree_of(modules)
            accounted(again)

    check()


def people(modules: Modules) -> int:
    return int(modules.tables["person"].num_rows)


def test_the_misspelt_heading_is_read(workbook: bytes) -> None:
    assert "rquestsource" in {
        cell.value for cell in openpyxl.load_workbook(io.BytesIO(workbook))["Requests"][1]
    }
    modules = read_presubmission(workbook, DESCRIBED)
    assert modules.tables["request"].column("request_source")[0].as_py() == "2"


def test_a_workbook_without_people_is_refused(workbook: bytes) -> None:
    with pytest.raises(InputError, match="no sheet 'Person'"):
        read_presubmission(edited(workbook, lambda book: book.remove(book["Person"])), DESCRIBED)


def test_a_workbook_without_plan_details_says_so(workbook: bytes) -> None:
    changed = edited(workbook, lambda book: book.remove(book["Plan Detail"]))
    modules = read_presubmission(changed, DESCRIBED)
    told = [f.message for f in modules.findings if f.rule == "missing_table"]
    assert told == ["The workbook holds no PlanDetail: figures that need them cannot be had."]


# ---- the five files -----------------------------------------------------------------------------

HELD = {"person", "request", "assessment", "named_plan", "active_plan"}


def test_the_five_files_say_the_same_of_what_they_hold(example: Modules) -> None:
    modules = read_five_file(five_files_of(example), DESCRIBED)
    assert tree_of(modules, HELD) == tree_of(example, HELD)
    assert {"form_without_header", "missing_table"} == found(modules)
    (lacking,) = [f.message for f in modules.findings if f.rule == "missing_table"]
    assert "PlanDetail, PlacementDetail, SENneed" in lacking
    accounted(modules)


def test_the_five_files_are_known_by_content_in_any_order(example: Modules) -> None:
    files = five_files_of(example)
    renamed = {f"{number}": files[name] for number, name in enumerate(reversed(files))}
    same(read_five_file(renamed, DESCRIBED), read_five_file(files, DESCRIBED))


def test_a_column_that_the_return_has_not_is_left_out_in_silence(example: Modules) -> None:
    files = five_files_of(example)
    lines = files["m2.csv"].decode().splitlines()
    files["m2.csv"] = "\n".join(
        [lines[0] + ",New start date", *(x + "," for x in lines[1:])]
    ).encode()
    assert "unknown_column" not in found(read_five_file(files, DESCRIBED))


@pytest.mark.parametrize(
    ("part", "words"),
    [("m1", "m1 is missing"), ("m2", "m2 is missing"), ("m3", "not that of Assessment")],
)
def test_a_missing_part_in_which_others_lie_is_named(
    example: Modules, part: str, words: str
) -> None:
    files = five_files_of(example)
    del files[f"{part}.csv"]
    with pytest.raises(InputError, match=words):
        read_five_file(files, DESCRIBED)


@pytest.mark.parametrize("year", YEARS)
def test_any_return_as_five_files_is_the_same_of_what_they_hold(year: int) -> None:
    @settings(max_examples=10)
    @given(returns(year))
    def check(modules: Modules) -> None:
        again = read_five_file(five_files_of(modules), DESCRIBED)
        assert tree_of(again, HELD) == tree_of(modules, HELD)
        accounted(again)

    check()
