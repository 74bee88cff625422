"""What the council's own returns count has worked examples (tests/examples/service/*.yml).

Each example is an authority of its own. Here belongs only what runs them: all are built once, by
the real models, from landing rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.engine.duckdb import warehouse
from pipelines.settings import PROJECT_ROOT
from tests.case_rows import Return, build, land

EXAMPLES = Path(__file__).parent / "service"
PERSONAL = {"early_support", "ep_advice", "amended_plan"}
RETURNS = {"place", "workforce_post", "training", "spend", *PERSONAL}
ABSENT = "absent"

Row = dict[str, Any]


def _examples() -> list[Row]:
    found = []
    for path in sorted(EXAMPLES.glob("*.yml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))["examples"]
    return [
        {"la_code": str(301 + number), **item, "number": number}
        for number, item in enumerate(found)
    ]


CASES = [pytest.param(item, id=item["it"]) for item in _examples()]


def _pseudonym(child: int) -> str:
    return f"{child:032x}"


def _landing(example: Row) -> Row:
    """The example's returns as landing has them: one file a return."""
    tables: Row = {}
    for place, (table, rows) in enumerate(example["given"].items()):
        if table == "cases":
            continue
        assert table in RETURNS, f"unknown return: {table}"
        file_id = f"{example['number']:013d}{place:03d}"
        usual = {
            "file_id": file_id,
            "la_code": example["la_code"],
            "reference_date": example.get("reference_date"),
        }
        tables[table] = [
            usual | _named(table, row) | {"row_number": number}
            for number, row in enumerate(rows, 2)
        ]
    return tables


def _exact(cell: Any) -> Any:
    """A number with a fraction as the decimal that was written."""
    return Decimal(str(cell)) if isinstance(cell, float) else cell


def _named(table: str, row: Row) -> Row:
    cells = {name: _exact(cell) for name, cell in row.items() if name != "child"}
    return cells | ({"pseudonym": _pseudonym(row["child"])} if table in PERSONAL else {})


def _return(example: Row) -> Return:
    made = Return(la_code=example["la_code"], file_id=f"{int(example['la_code']):015d}f")
    for case in example["given"]["cases"]:
        who = {"pseudonym": _pseudonym(case["child"])}
        request = who | {
            "received_date": case["received_date"],
            "request_outcome": "Y",
            "request_outcome_date": case["received_date"],
        }
        plan = who | {"start_date": case["plan"]} if "plan" in case else None
        made.add(
            person=who, request=request, assessment=who | {"assessment_outcome": "H"}, plan=plan
        )
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every model over every example's returns."""
    folder = tmp_path_factory.mktemp("service")
    for example in _examples():
        land(folder, f"example-{example['number']}", _landing(example))
        if "cases" in example["given"]:
            made = _return(example)
            land(folder, made.file_id, made.tables())
    settings = build(folder)
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        yield connection


def _figure(connection: duckdb.DuckDBPyConnection, la_code: str, line: list[Any]) -> Any:
    indicator, period = line[0], str(line[1])
    topic, group = line[3:5] or ("All", "All")
    rows = connection.execute(
        "select value, symbol from core.service_figure where la_code = ? and indicator = ? "
        "and period = ? and breakdown_topic = ? and breakdown = ?",
        [la_code, indicator, period, topic, group],
    ).fetchall()
    assert len(rows) < 2, line
    if not rows:
        return ABSENT
    value, symbol = rows[0]
    return symbol if value is None else value


@pytest.mark.parametrize("example", CASES)
def test_a_return_counts_what_its_example_says(
    example: Row, built: duckdb.DuckDBPyConnection
) -> None:
    found = [_figure(built, example["la_code"], line) for line in example["expect"]]
    wanted = [
        line[2] if isinstance(line[2], str) else Decimal(str(line[2])) for line in example["expect"]
    ]
    said = [line[:2] + line[3:] for line in example["expect"]]
    assert list(zip(said, found, strict=True)) == list(zip(said, wanted, strict=True))


def test_a_later_return_takes_the_place_of_the_earlier_and_leaves_a_revision(
    tmp_path: Path,
) -> None:
    usual = {
        "la_code": "860",
        "row_number": 2,
        "place_scheme": "A",
        "place_status": "delivered",
        "provision_kind": "sen_unit",
        "open_date": date(2025, 9, 1),
    }
    for name, count, day in (
        ("a" * 16, 30, date(2025, 10, 31)),
        ("b" * 16, 28, date(2025, 11, 30)),
    ):
        land(
            tmp_path,
            name,
            {"place": [usual | {"file_id": name, "place_count": count, "reference_date": day}]},
        )
    settings = build(tmp_path)
    with warehouse(settings.warehouse, PROJECT_ROOT / "sql") as connection:
        rows = connection.execute(
            "select vintage, value, is_shown, is_revised from marts.kpi_value "
            "where kpi = 'places_delivered' and period = '2025-10' and breakdown_topic = 'All' "
            "and la_code = '860' order by vintage_order"
        ).fetchall()
    assert rows == [
        ("2025-10-services", Decimal(30), False, False),
        ("2025-11-services", Decimal(28), True, True),
    ]
