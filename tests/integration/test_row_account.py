"""Rows in are rows accepted and set aside, and what was accepted of a module is what has landed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.checks.suites import run_suites
from tests.case_rows import Return, build, land

CHECKS = {"rows_in_are_accounted_for", "modules_are_accounted_for", "rows_accepted_have_landed"}
FILE = "a" * 16


@pytest.mark.parametrize(
    ("people", "requests", "faulty"),
    [
        pytest.param(3, 3, 0, id="as accepted"),
        pytest.param(4, 3, 1, id="a person too few"),
        pytest.param(2, 3, 1, id="a person too many"),
        pytest.param(4, 4, 2, id="two tables"),
    ],
)
def test_what_landed_is_held_against_what_was_accepted_of_its_module(
    tmp_path: Path, people: int, requests: int, faulty: int
) -> None:
    found = account(tmp_path, {"person": people, "request": requests})
    assert found == dict.fromkeys(CHECKS, 0) | {"rows_accepted_have_landed": faulty}


def test_a_module_of_which_nothing_landed_is_missed(tmp_path: Path) -> None:
    found = account(tmp_path, {"person": 3, "request": 3, "sen_need": 2})
    assert found["rows_accepted_have_landed"] == 1


def account(tmp_path: Path, accepted: dict[str, int]) -> dict[str, int]:
    """Faults by check, of a return of three people with a request each."""
    given = Return()
    for _ in range(3):
        given.add()
    tables = given.tables()
    (shared,) = tables["received_file"]
    tables["received_file"] = [shared | module(name, count) for name, count in accepted.items()]
    land(tmp_path, FILE, tables)
    settings = build(tmp_path)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        results = run_suites(connection, ["core.row_account"])
    return {each.check: each.failed_count for each in results if each.check in CHECKS}


def module(name: str, count: int) -> dict[str, Any]:
    """The record of one module; the first bears the file's own id."""
    return {
        "file_id": FILE if name == "person" else f"{FILE}-{name}",
        "dataset": name,
        "row_count_in": count,
        "row_count_accepted": count,
        "row_count_quarantined": 0,
    }
