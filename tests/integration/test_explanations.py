"""What somebody said of a finding stays with it in the restated return, or is told as lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.engine.duckdb import warehouse
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land

FIRST, SECOND = "d" * 16, "e" * 16
Row = dict[str, Any]


def finding(file_id: str, rule: str, record_key: str, child: str) -> Row:
    return {
        "file_id": file_id,
        "rule": rule,
        "severity": "query",
        "module": "request" if "request" in record_key else "person",
        "record_key": record_key,
        "pseudonym": child * 32,
        "column_names": "c",
        "message": "m",
        "remedy": "r",
    }


def said(number: int, rule: str, record_key: str | None, file_id: str = FIRST, **more: Any) -> Row:
    return {
        "file_id": "f" * 16,
        "row_number": number,
        "la_code": "371",
        "rule": rule,
        "explained_file_id": file_id,
        "record_key": record_key,
        "explanation": f"because {number}",
        "decided_by_role": "data officer",
        "decided_date": date(2026, 2, 1),
    } | more


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A return and its restatement, in which every child has another number."""
    folder = tmp_path_factory.mktemp("said")
    found = {
        FIRST: [
            finding(FIRST, "PER-05", "person 1", "1"),
            finding(FIRST, "PER-08", "person 1", "1"),
            finding(FIRST, "REQ-21", "person 2, request 1", "2"),
            finding(FIRST, "REQ-21", "person 2, request 2", "2"),
            finding(FIRST, "PER-09", "person 1", "1"),
            finding(FIRST, "PER-09", "person 3", "3"),
        ],
        SECOND: [
            finding(SECOND, "PER-05", "person 7", "1"),
            finding(SECOND, "PER-08", "person 7", "1"),
            finding(SECOND, "REQ-21", "person 8, request 1", "2"),
            finding(SECOND, "REQ-21", "person 8, request 2", "2"),
            finding(SECOND, "PER-09", "person 7", "1"),
            finding(SECOND, "PER-09", "person 9", "3"),
            finding(SECOND, "PER-09", "person 10", "4"),
        ],
    }
    for (file_id, rows), vintage in zip(found.items(), ("2026", "2026-r2"), strict=True):
        part = Return(la_code="371", file_id=file_id, vintage=vintage)
        part.add()
        land(folder, file_id, part.tables() | {"record_finding": rows})
    explanations = [
        said(2, "PER-05", "person 1"),
        said(3, "PER-05", "person 1", decided_date=date(2026, 3, 1)),
        # Of the restatement, and so not of the return before it.
        said(4, "PER-08", "person 7", SECOND),
        said(5, "REQ-21", "person 2, request 2"),
        # Of every record that the rule speaks of.
        said(6, "PER-09", None),
        said(7, "PER-05", "person 999"),
        said(8, "PER-77", "person 1"),
    ]
    land(folder, "f" * 16, {"finding_explanation": explanations})
    with warehouse(build(folder).warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def statuses(opened: duckdb.DuckDBPyConnection, rule: str) -> list[tuple[Any, ...]]:
    return opened.execute(
        "select record_key, finding_status, explanation from core.record_finding "
        "where rule = ? order by vintage, record_key",
        [rule],
    ).fetchall()


def test_an_explanation_follows_the_child_into_the_restated_return_and_the_last_word_counts(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert statuses(opened, "PER-05") == [
        ("person 1", "explained", "because 3"),
        ("person 7", "explained", "because 3"),
    ]


def test_an_explanation_does_not_reach_back_before_its_version(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert statuses(opened, "PER-08") == [
        ("person 1", "open", None),
        ("person 7", "explained", "because 4"),
    ]


def test_of_two_findings_about_one_child_only_the_one_explained_is(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert statuses(opened, "REQ-21") == [
        ("person 2, request 1", "open", None),
        ("person 2, request 2", "explained", "because 5"),
        ("person 8, request 1", "open", None),
        ("person 8, request 2", "explained", "because 5"),
    ]


def test_an_explanation_without_a_record_is_of_all_that_the_rule_found_and_of_nothing_later(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    assert statuses(opened, "PER-09") == [
        ("person 1", "explained", "because 6"),
        ("person 3", "explained", "because 6"),
        ("person 10", "open", None),
        ("person 7", "explained", "because 6"),
        ("person 9", "explained", "because 6"),
    ]


def test_an_explanation_of_no_finding_is_told(opened: duckdb.DuckDBPyConnection) -> None:
    lost = opened.sql(
        "select row_number from core.finding_explanation where not names_a_finding order by 1"
    ).fetchall()
    assert lost == [(7,), (8,)]


def test_no_finding_comes_twice_because_it_was_explained_twice(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    (count,) = opened.sql("select count(*) from core.record_finding").fetchone() or (0,)
    assert count == 13
