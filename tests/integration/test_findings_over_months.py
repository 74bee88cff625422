"""A finding is followed from extract to extract of a year, and into the return of that year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.ingest.telling import MORE
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land
from tests.integration.test_explanations import Row, finding, said

# File -> vintage, kind and day; the yearly return of 2026 closes the year that they tell of.
FILES = {
    "a" * 16: ("2025-09", "in_year", date(2025, 9, 30)),
    "b" * 16: ("2025-10", "in_year", date(2025, 10, 31)),
    "c" * 16: ("2025-10-r2", "in_year", date(2025, 10, 31)),
    "d" * 16: ("2025-11", "in_year", date(2025, 11, 30)),
    "e" * 16: ("2026", "annual", date(2026, 1, 15)),
    "f" * 16: ("2026-02", "in_year", date(2026, 2, 28)),
}
SEPTEMBER, OCTOBER, CORRECTED, NOVEMBER, YEARLY, FEBRUARY = FILES
# Rule -> the files that have it for one child, or for nobody.
FOUND = {
    "STAYS-01": (SEPTEMBER, OCTOBER, CORRECTED, NOVEMBER, YEARLY, FEBRUARY),
    "MENDED-01": (SEPTEMBER,),
    "AGAIN-01": (SEPTEMBER, NOVEMBER),
    "COPY-01": (SEPTEMBER, OCTOBER),
    "YEARLY-01": (NOVEMBER,),
    "NOTRUN-01": (SEPTEMBER, NOVEMBER),
    "LONG-01": (SEPTEMBER,),
    "SAID-01": (SEPTEMBER, OCTOBER, CORRECTED, NOVEMBER, YEARLY, FEBRUARY),
    "BROKEN-01": (SEPTEMBER, NOVEMBER, YEARLY),
}
SEVERAL = "PLACES-01"


def rows_of(file_id: str) -> list[Row]:
    """What the rules found in a file. The child has another number in each."""
    number = 1 + list(FILES).index(file_id)
    rows = [
        finding(file_id, rule, f"person {number}", "1")
        for rule, held in FOUND.items()
        if file_id in held
    ]
    if file_id == CORRECTED:
        rows.append(finding(file_id, "LONG-01", MORE, "1") | {"pseudonym": None, "row_count": 9})
    if file_id == SEPTEMBER:
        nobody = finding(file_id, "NOBODY-01", "person 3", "1") | {"pseudonym": None}
        rows += [nobody, nobody | {"rule": "WHOLE-01", "record_key": "return"}]
    if file_id in (SEPTEMBER, CORRECTED):
        rows += [
            finding(file_id, SEVERAL, f"person {number}, request {place}", "1") for place in (1, 2)
        ]
    return rows


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three extracts, one of them in two copies, the return of the year and an extract after it."""
    folder = tmp_path_factory.mktemp("months")
    for file_id, (vintage, kind, day) in FILES.items():
        year = day.year + (kind == "in_year")
        part = Return(
            la_code="371",
            year=year,
            vintage=vintage,
            file_id=file_id,
            kind=kind,
            reference_date=day,
        )
        part.add()
        land(folder, file_id, part.tables() | {"record_finding": rows_of(file_id)})
    not_run = {
        "file_id": CORRECTED,
        "rule": "rules_not_run",
        "severity": "info",
        "message": "2 rules not run or not wholly, because the file has no X: OTHER-01, NOTRUN-01.",
        "remedy": "r",
        "row_count": 2,
    }
    explanations = [
        said(2, "SAID-01", "person 3", CORRECTED),
        said(3, "BROKEN-01", "person 1", SEPTEMBER),
        said(4, SEVERAL, "person 1, request 2", SEPTEMBER),
    ]
    land(folder, "9" * 16, {"finding": [not_run], "finding_explanation": explanations})
    with warehouse(build(folder).warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def told(opened: duckdb.DuckDBPyConnection, rule: str) -> dict[str, tuple[str, str]]:
    """File -> status and the edition in which the finding was first found."""
    rows: list[tuple[str, str, str]] = opened.execute(
        "select file_id, finding_status, first_found_vintage from core.record_finding "
        "where rule = ? and row_count is distinct from 9",
        [rule],
    ).fetchall()
    found = {file_id: (status, first) for file_id, status, first in rows}
    assert len(found) == len(rows)
    return found


def test_what_stands_in_every_file_is_first_found_in_the_first_and_open_in_all(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    found = told(opened, "STAYS-01")
    year = (SEPTEMBER, OCTOBER, CORRECTED, NOVEMBER, YEARLY)
    assert {found[file_id] for file_id in year} == {("open", "2025-09")}
    # An extract after the return tells of the next calendar year.
    assert found[FEBRUARY] == ("open", "2026-02")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("MENDED-01", {SEPTEMBER: ("fixed", "2025-09")}),
        ("AGAIN-01", {SEPTEMBER: ("fixed", "2025-09"), NOVEMBER: ("fixed", "2025-11")}),
        ("COPY-01", {SEPTEMBER: ("fixed", "2025-09"), OCTOBER: ("fixed", "2025-10")}),
        ("YEARLY-01", {NOVEMBER: ("fixed", "2025-11")}),
        ("WHOLE-01", {SEPTEMBER: ("fixed", "2025-09")}),
    ],
    ids=["the next extract", "and again", "a corrected copy", "the yearly return", "whole file"],
)
def test_a_finding_is_fixed_where_the_next_file_no_longer_has_it(
    opened: duckdb.DuckDBPyConnection, rule: str, expected: dict[str, tuple[str, str]]
) -> None:
    assert told(opened, rule) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # The corrected extract of October is in a form that the rule cannot be run on.
        ("NOTRUN-01", {SEPTEMBER: ("fixed", "2025-09"), NOVEMBER: ("fixed", "2025-09")}),
        # It lists the first of very many only, and this child may be among the others.
        ("LONG-01", {SEPTEMBER: ("open", "2025-09")}),
        # A record without a child is known by its number, which another one has in October.
        ("NOBODY-01", {SEPTEMBER: ("open", "2025-09")}),
    ],
    ids=["not run", "not listed", "nobody"],
)
def test_a_file_that_cannot_tell_does_not_fix_a_finding(
    opened: duckdb.DuckDBPyConnection, rule: str, expected: dict[str, tuple[str, str]]
) -> None:
    assert told(opened, rule) == expected


def test_an_explanation_holds_until_the_return_of_the_year_and_not_before_it_was_given(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    status = {file_id: status for file_id, (status, _) in told(opened, "SAID-01").items()}
    assert {status[file_id] for file_id in (CORRECTED, NOVEMBER, YEARLY)} == {"explained"}
    assert {status[file_id] for file_id in (SEPTEMBER, OCTOBER, FEBRUARY)} == {"open"}


def test_an_explanation_ends_where_the_rule_falls_silent(opened: duckdb.DuckDBPyConnection) -> None:
    assert told(opened, "BROKEN-01") == {
        SEPTEMBER: ("fixed", "2025-09"),
        NOVEMBER: ("open", "2025-11"),
        YEARLY: ("open", "2025-11"),
    }


def test_of_two_findings_about_a_child_the_explained_one_is_known_by_its_place(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    rows: list[tuple[Any, ...]] = opened.execute(
        "select record_key, explanation from core.record_finding where rule = ? order by 1",
        [SEVERAL],
    ).fetchall()
    assert rows == [
        ("person 1, request 1", None),
        ("person 1, request 2", "because 4"),
        ("person 3, request 1", None),
        ("person 3, request 2", "because 4"),
    ]
