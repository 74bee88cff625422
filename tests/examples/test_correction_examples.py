"""Corrections of case records have worked examples (tests/examples/corrections/*.yml).

Here belongs only what runs them: one return with a child for each example, and the real models.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.engine.duckdb import warehouse
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land, land_schools

EXAMPLES = Path(__file__).parent / "corrections"
STRANGER = "e" * 32
CORRECTIONS, EARLIER = "f" * 16, "d" * 16
RETURNS = {"this": "a" * 16, "another": "9" * 16}
DECIDED = date(2026, 1, 20)
# Module -> the word for it in case_rows, and the model that shows its records.
MODULES = {
    "person": ("person", "person"),
    "request": ("request", "request"),
    "assessment": ("assessment", "assessment"),
    "named_plan": ("plan", "ehc_plan"),
    "active_plan": ("active", "active_plan"),
    "placement_detail": ("placements", "placement"),
    "sen_need": ("need", "sen_need"),
}

Row = dict[str, Any]


def _examples() -> list[Row]:
    paths = sorted(EXAMPLES.glob("*.yml"))
    return [
        item
        for path in paths
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["examples"]
    ]


def _add(part: Return, example: Row) -> str:
    """The example's child; gives its pseudonym."""
    word, _ = MODULES[example["module"]]
    cell = {example["column"]: example["printed"]}
    whole: Row = {"plan": {"start_date": date(2024, 5, 1)}, "active": {}, "assessment": {}}
    if word == "placements":
        whole["placements"] = [{"placement_rank": "1", "entry_date": date(2024, 9, 1)} | cell]
    elif word == "need":
        whole["need"] = example["printed"]
    else:
        whole[word] = whole.get(word, {}) | cell
    number = part.add(**whole)
    if "twin" in example:
        first = part.rows["sen2_request"][-1]
        second = {"request_record": 10_000 + number, "row_number": 10_000 + number}
        part.rows["sen2_request"].append(first | second | {example["column"]: example["twin"]})
    return f"{number:032x}"


def _correction(number: int, child: str, example: Row, decision: Row) -> Row:
    texts = {name: decision[name] for name in ("printed", "corrected")}
    return {
        "file_id": CORRECTIONS,
        "row_number": number,
        "la_code": "860",
        "pseudonym": STRANGER if example.get("is_of_a_stranger") else child,
        "corrected_file_id": RETURNS.get(decision.get("in_return")),
        "module": example["module"],
        "column_name": example["column"],
        **{f"{name}_text": None if cell is None else str(cell) for name, cell in texts.items()},
        "reason": "looked up in the letter",
        "decided_by_role": "case manager",
        "decided_date": decision.get("decided", DECIDED),
    }


@pytest.fixture(scope="module")
def children() -> dict[str, str]:
    """Example -> pseudonym of its child; filled when the return is made."""
    return {}


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, children: dict[str, str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("corrected")
    part, corrections = Return(), []
    for example in _examples():
        children[example["it"]] = child = _add(part, example)
        for decision in example["corrections"]:
            corrections.append(_correction(len(corrections) + 2, child, example, decision))
    land_schools(folder)
    land(folder, part.file_id, part.tables())
    land(folder, CORRECTIONS, {"case_correction": corrections, "received_file": [_received(2)]})
    earlier = corrections[0] | {"file_id": EARLIER, "corrected_text": "2025-01-01"}
    received = _received(1) | {"file_id": EARLIER}
    land(folder, EARLIER, {"case_correction": [earlier], "received_file": [received]})
    with warehouse(build(folder).warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def _received(order: int) -> Row:
    counts = {f"row_count_{name}": 1 for name in ("in", "accepted")}
    return counts | {
        "file_id": CORRECTIONS,
        "source": "council",
        "kind": "case_correction",
        "file_name": "corrections.csv",
        "sha256": CORRECTIONS.ljust(64, "0"),
        "size_bytes": 1,
        "vintage": str(order),
        "vintage_order": order,
        "row_count_quarantined": 0,
    }


@pytest.mark.parametrize("example", _examples(), ids=lambda example: example["it"])
def test_a_record_is_as_the_example_says(
    opened: duckdb.DuckDBPyConnection, children: dict[str, str], example: Row
) -> None:
    _, model = MODULES[example["module"]]
    table = opened.table(f"core.{model}").project(f"pseudonym, {example['column']}")
    child = children[example["it"]]
    found = sorted((cell for pseudonym, cell in table.fetchall() if pseudonym == child), key=str)
    wanted = [example["expect"], *([example["twin"]] if "twin" in example else [])]
    assert found == wanted
    states = opened.execute(
        "select correction_status from core.case_correction where is_newest order by row_number"
    ).fetchall()
    numbers = [item["it"] for item in _examples() for _ in item["corrections"]]
    told = [state for (state,), it in zip(states, numbers, strict=True) if it == example["it"]]
    assert told == [decision["becomes"] for decision in example["corrections"]]


def test_what_the_return_printed_stays(
    opened: duckdb.DuckDBPyConnection, children: dict[str, str]
) -> None:
    child = children["puts a day right"]
    row = opened.execute(
        "select received_date from staging.sen2_request where pseudonym = ?", [child]
    ).fetchone()
    assert row == (date(2025, 2, 3),)
    kept = opened.execute(
        "select printed_text, corrected_text, is_applied from core.corrected_value "
        "where correction_row_number = 2"
    ).fetchall()
    assert kept == [("2025-02-03", "2025-02-05", True)]


def test_the_clock_runs_from_the_corrected_day(
    opened: duckdb.DuckDBPyConnection, children: dict[str, str]
) -> None:
    row = opened.execute(
        "select request.received_date, ehc_plan.received_date from core.request "
        "inner join core.ehc_plan using (file_id, request_record) where request.pseudonym = ?",
        [children["puts a day right"]],
    ).fetchone()
    assert row == (date(2025, 2, 5), date(2025, 2, 5))


def test_a_newer_file_of_corrections_replaces_the_one_before(
    opened: duckdb.DuckDBPyConnection,
) -> None:
    rows = opened.execute(
        "select correction_status, is_newest, is_applied, applied_count from core.case_correction "
        "where file_id = ?",
        [EARLIER],
    ).fetchall()
    assert rows == [("in_an_earlier_file", False, False, 0)]
