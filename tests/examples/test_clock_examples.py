"""The statutory clocks have worked examples (tests/examples/clock/*.yml): rows in, days out.

Each example is an authority of its own with one return, so that the figures of the return are the
example's. Here belongs only what runs them: all are built once, by the real models.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.engine.duckdb import warehouse
from pipelines.registry.suites import columns_by_table
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land, land_schools

EXAMPLES = Path(__file__).parent / "clock"
RECORDS = {"request", "assessment", "open_case", "review"}
PARTS = {"person", "request", "assessment", "plan", "active"}
# Authorities by their digits: any that the reference knows will do.
AUTHORITIES = (
    *(str(code) for code in range(301, 321)),
    *(str(code) for code in range(330, 337)),
    *(str(code) for code in range(350, 360)),
    *(str(code) for code in range(370, 374)),
    *(str(code) for code in range(380, 385)),
    *(str(code) for code in range(390, 395)),
)

Row = dict[str, Any]


def _examples() -> list[Row]:
    found = []
    for path in sorted(EXAMPLES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [{"d0": content["d0"], "of": path.stem, **item} for item in content["examples"]]
    return [{**item, "number": number} for number, item in enumerate(found)]


CASES = [pytest.param(item, id=f"{item['of']}: {item['it']}") for item in _examples()]


def _cell(printed: Any, d0: date) -> Any:
    """A cell as written; 'd0+42' is the day 42 days after the first."""
    if isinstance(printed, str) and printed.startswith("d0"):
        return d0 + timedelta(days=int(printed.removeprefix("d0") or 0))
    return printed


def _cells(row: Row, d0: date) -> Row:
    return {name: _cell(cell, d0) for name, cell in row.items()}


def _file_id(example: Row) -> str:
    return f"{example['number']:016x}"


def _return(example: Row) -> Return:
    """The example's records as a return of January 2026, or an extract of its day."""
    header: Row = {"la_code": AUTHORITIES[example["number"]], "file_id": _file_id(example)}
    if "extract" in example:
        day = _cell(example["extract"], example["d0"])
        header |= {"kind": "in_year", "reference_date": day, "year": day.year + 1}
        header |= {"vintage": f"{day:%Y-%m}"}
    made = Return(**header)
    for case in example["given"]:
        unknown = set(case) - PARTS - {"same_child"}
        assert not unknown, f"unknown part: {', '.join(sorted(unknown))}"
        parts: Row = {name: _cells(case[name], example["d0"]) for name in PARTS & set(case)}
        if case.get("same_child"):
            parts["request"]["pseudonym"] = f"{made.people:032x}"
        made.add(**parts)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every model over every example's return."""
    folder = tmp_path_factory.mktemp("clock")
    for example in _examples():
        made = _return(example)
        land(folder, made.file_id, made.tables())
    land_schools(folder)
    settings = build(folder)
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def _records(connection: duckdb.DuckDBPyConnection, table: str, example: Row) -> list[Row]:
    result = connection.execute(
        f"select * from core.{table} where file_id = ? order by request_record",  # noqa: S608
        [_file_id(example)],
    )
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _figure(connection: duckdb.DuckDBPyConnection, name: str, example: Row) -> Decimal | None:
    """The newest figure of the whole return for its year, its year so far or its day."""
    dataset, indicator = name.split(".")
    rows = connection.execute(
        """
        select value from core.council_figure
        where file_id = ? and dataset = ? and indicator = ? and breakdown_topic = 'All'
            and period_kind in ('stock', 'flow', 'year_to_date', 'month')
        order by
            case period_kind when 'month' then 1 else 0 end,
            period desc
        """,
        [_file_id(example), dataset, indicator],
    ).fetchall()
    assert rows, f"the return has no figure {name}"
    found: Decimal | None = rows[0][0]
    return found


@pytest.mark.parametrize("example", CASES)
def test_a_clock_counts_as_its_example_says(example: Row, built: duckdb.DuckDBPyConnection) -> None:
    expect = example["expect"]
    assert expect
    assert set(expect) <= RECORDS | {"figures"}
    for table in RECORDS & set(expect):
        wanted = [_cells(row, example["d0"]) for row in expect[table]]
        found = _records(built, table, example)
        assert len(found) == len(wanted), table
        for row, cells in zip(found, wanted, strict=True):
            assert {name: row[name] for name in cells} == cells, table
    for name, value in expect.get("figures", {}).items():
        assert _figure(built, name, example) == value, name


def test_an_example_names_columns_that_exist() -> None:
    known = columns_by_table(PROJECT_ROOT / "expectations", PROJECT_ROOT / "sql")
    for example in _examples():
        for table in RECORDS & set(example["expect"]):
            for row in example["expect"][table]:
                assert set(row) <= set(known[f"core.{table}"]), example["it"]


def test_every_example_has_an_authority_of_its_own() -> None:
    assert len(set(AUTHORITIES)) >= len(CASES)
