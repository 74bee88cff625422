"""Cells of the workbook: numbers stay numbers, nothing is empty, nothing runs."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from dashboards.reports import cells
from dashboards.reports.sheets import Sheet
from dashboards.reports.workbook import written


@pytest.mark.parametrize(
    ("value", "decimals", "symbol", "shown"),
    [
        (32.84, 1, None, 32.8),
        (9979.0, 0, None, 9979),
        (0.0, 0, None, 0),
        (float("nan"), 1, "c", "[c]"),
        (None, 1, None, "[x]"),
        (float("nan"), 1, float("nan"), "[x]"),
        (None, 0, "~", "[c]"),
        (None, 0, ":", "[x]"),
        (-12.5, 1, None, -12.5),
        (45.5, pd.NA, None, 46),
    ],
    ids=str,
)
def test_a_figure_is_a_number_or_says_why_there_is_none(
    value: object, decimals: object, symbol: object, shown: object
) -> None:
    found = cells.number(value, decimals, symbol)
    assert found == shown
    assert type(found) is type(shown)


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, "", "--", "%"], ids=repr)
def test_a_text_without_a_letter_or_digit_is_said_to_be_missing(nothing: object) -> None:
    assert cells.text(nothing) == "none"
    assert cells.text(nothing, "not given") == "not given"


def test_the_format_of_a_number_follows_the_decimals_of_its_measure() -> None:
    assert [cells.number_format(places) for places in (0, 1, 2, pd.NA)] == [
        *("#,##0", "#,##0.0", "#,##0.00", "#,##0")
    ]


def test_the_symbols_of_a_table_are_found_in_cells_and_remarks() -> None:
    frame = pd.DataFrame({"a": [1, "[c]"], "b": ["[r] was 3 in 2024", "none"]})
    assert cells.symbols(frame) == {"c", "r"}


HOSTILE = ("=1+1", "@sum(a1)", "+cmd|' /c calc'!a0", "[click](https://example.org)", "$$note 0$$ b")


def opened(*tables: Sheet) -> openpyxl.Workbook:
    import gptables as gpt

    return openpyxl.load_workbook(io.BytesIO(written(tables, gpt.Cover(title="A title"), {})))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_a_link_or_a_note(text: str) -> None:
    table = pd.DataFrame({"What": [cells.text(text), "plain"], "n": [1, 2]})
    sheet = opened(Sheet("A title", table, "Source: a test."))["Table 1"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    letters = "".join(filter(str.isalnum, text))
    assert any("".join(filter(str.isalnum, str(cell.value))) == letters for cell in found)
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert not [cell for cell in found if cell.hyperlink]
    assert not [cell for cell in found if "[note" in str(cell.value)]


def test_a_text_that_was_not_made_safe_does_not_run_either() -> None:
    table = pd.DataFrame({"What": ["=1+1", "https://example.org"], "n": [1, 2]})
    sheet = opened(Sheet("A title", table, "Source: a test."))["Table 1"]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in found}
    assert not [cell for cell in found if cell.hyperlink]


def test_a_note_is_numbered_in_the_title_and_explained_once() -> None:
    table = pd.DataFrame({"Period": ["2024"], "n": [1]})
    book = opened(
        Sheet("One", table, "Source: a test.", notes=("First.",)),
        Sheet("Two", table, "Source: a test.", notes=("Second.", "First.")),
    )
    assert book["Table 1"]["A1"].value == "One [note 1]"
    assert book["Table 2"]["A1"].value == "Two [note 2][note 1]"
    texts = [row[1] for row in book["Notes"].iter_rows(min_row=4, values_only=True)]
    assert texts == ["First.", "Second."]


def test_a_number_is_printed_as_its_row_says() -> None:
    table = pd.DataFrame({"Period": ["a", "b"], "Value": [35.0, 9979]})
    sheet = opened(Sheet("One", table, "Source: a test.", formats={"Value": ("#,##0.0", "#,##0")}))[
        "Table 1"
    ]
    numbers = [c for row in sheet.iter_rows() for c in row if c.data_type == "n" and c.value]
    assert [(c.value, c.number_format) for c in numbers] == [(35, "#,##0.0"), (9979, "#,##0")]
