"""A file that a reader takes away cannot run anything, and says what it holds."""

from __future__ import annotations

import csv
import io
from typing import Any, cast

import pandas as pd
import pytest

from dashboards import downloads
from dashboards.components.chart_panel import terms_of
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.role import Role
from dashboards.theme import LIGHT
from dashboards.words.sources import SAMPLE
from tests.unit.dashboards.measures import measure

MEASURE = measure(caveat="Take care.", spec_id="K22", breaks=(("2023-01", "New collection."),))
FACTS = {"release": "2026-11-22-abc", "built_at": "2026-11-22T08:00:00", "code_version": "abc1234"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert downloads.neutral(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Staffordshire", "Staffordshire"),
        (-94, "-94"),
        (-0.5, "-0.5"),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        ("3-4", "3-4"),
        ("", ""),
    ],
)
def test_other_cells_stay_as_they_are(cell: object, expected: str) -> None:
    assert downloads.neutral(cell) == expected


def test_csv_reads_back_as_the_frame_with_every_cell_neutral() -> None:
    frame = pd.DataFrame({"=area": ["@A, B", 'say "x"'], "value": [-1.5, None]})
    content = downloads.csv_bytes(frame)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["'=area", "value"], ["'@A, B", "-1.5"], ['say "x"', ""]]


def test_metadata_holds_definition_source_release_and_licence() -> None:
    text = downloads.metadata(MEASURE, FACTS, "DfE 2026", "Share, Ourshire").decode()
    for part in (
        MEASURE.definition,
        MEASURE.numerator_text,
        MEASURE.denominator_text,
        MEASURE.source_text,
        MEASURE.caveat,
        "January 2023 [b]: New collection.",
        "2026-11-22-abc",
        "22 November 2026",
        "DfE 2026",
        "Open Government Licence v3.0",
        "[c] confidential",
        "[e] estimated",
        "[f] forecast",
    ):
        assert part in text, part
    assert "2023-01" not in text
    assert "Sample data" not in text


@pytest.mark.parametrize("of", [MEASURE, None], ids=["with-a-measure", "without"])
def test_the_text_beside_a_file_of_the_sample_county_says_that_it_is_not_real(
    of: Measure | None,
) -> None:
    text = downloads.metadata(of, FACTS | {"is_sample": True}, "DfE 2026", "Files").decode()
    assert text.splitlines()[2] == SAMPLE


PUBLISHED = pd.DataFrame({"source": ["dfe", None], "value": [1, 2]})
OWN_TOO = pd.DataFrame({"source": ["dfe", "council"], "value": [1, 2]})
COUNTED = pd.DataFrame({"rule": ["ACT-15"], "open": [3]})


def terms(role: Role, data: pd.DataFrame, *, is_evidence: bool = False) -> str:
    nothing = cast("Any", None)
    page = Context(nothing, nothing, role, nothing, None, FACTS, LIGHT, {}, pd.DataFrame())
    said = terms_of(page, data, is_evidence=is_evidence)
    return downloads.metadata(None, FACTS, "DfE 2026", "Files", "", said).decode()


@pytest.mark.parametrize(
    ("role", "data", "is_evidence", "readers"),
    [
        pytest.param(Role.OFFICER, OWN_TOO, False, "the council's officers", id="own-figures"),
        pytest.param(Role.OFFICER, COUNTED, False, "the council's officers", id="no-source"),
        pytest.param(Role.AUDITOR, OWN_TOO, True, "the council's auditors", id="evidence"),
        pytest.param(Role.AUDITOR, COUNTED, True, "the council's auditors", id="rules"),
    ],
)
def test_exact_figures_are_handed_out_under_no_open_licence(
    role: Role, data: pd.DataFrame, is_evidence: bool, readers: str
) -> None:
    text = terms(role, data, is_evidence=is_evidence)
    assert f"Terms: for {readers} only." in text
    assert "do not publish them" in text
    assert downloads.LICENCE not in text


@pytest.mark.parametrize(
    ("role", "data"),
    [
        pytest.param(Role.CABINET, OWN_TOO, id="everybody-s-own-figures"),
        pytest.param(Role.CABINET, COUNTED, id="everybody-s-counts"),
        pytest.param(Role.OFFICER, PUBLISHED, id="officer-s-published-figures"),
        pytest.param(Role.AUDITOR, OWN_TOO, id="auditor-s-public-figures"),
    ],
)
def test_what_anybody_may_read_is_under_the_open_licence(role: Role, data: pd.DataFrame) -> None:
    text = terms(role, data)
    assert f"Licence: {downloads.LICENCE}" in text
    assert "Terms:" not in text


def test_metadata_without_a_measure() -> None:
    assert b"Definition" not in downloads.metadata(None, FACTS, "DfE 2026", "Files")


def test_file_names_cannot_be_guessed() -> None:
    names = {downloads.file_name("compare", "csv") for _ in range(50)}
    assert len(names) == 50
    assert all(name.startswith("compare-") and name.endswith(".csv") for name in names)


ROW: dict[str, object] = dict.fromkeys(set(downloads.COLUMNS[2:]) - {"area"}) | {
    "line": "Ourshire",
    "numerator": 1504.0,
    "denominator": None,
    "value": 1504.0,
    "previous_value": 1500.0,
}


def test_counts_are_written_without_a_decimal_point() -> None:
    frame = pd.DataFrame([ROW, ROW | {"numerator": None, "value": None}])
    text = downloads.csv_bytes(downloads.figures(frame, "plans", "count")).decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(downloads.COLUMNS)
    assert "1504.0" not in text
    assert text.count("1504") == 2
    assert "<NA>" not in text


def test_the_value_of_a_rate_keeps_its_decimals() -> None:
    frame = pd.DataFrame([ROW | {"value": 35.0}])
    data = downloads.figures(frame, "share", "percent")
    assert (data["numerator"].iloc[0], data["value"].iloc[0]) == (1504, 35.0)
    assert str(data["value"].dtype) == "float64"


def test_a_column_with_a_fraction_is_not_rounded() -> None:
    frame = pd.DataFrame([ROW | {"numerator": 12.5}])
    assert downloads.figures(frame, "weeks", "weeks")["numerator"].iloc[0] == 12.5
