"""How a difference from the DfE is explained has worked examples (reconciliation.yml).

Here belongs only what runs them: the real mart over the values that an example gives.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.fields import fields

SQL = Path(__file__).parents[2] / "sql"
EXAMPLES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("reconciliation.yml").read_text(encoding="utf-8")
)["examples"]
FIELDS = {"it", "measure", "council", "dfe", "parts", "corrected", "late", "expect"}
MEASURES = {
    "plans": ("plans", "count", None, "All"),
    "share_with_scope": ("share_with_scope", "percent", "The DfE leaves out some cases.", "All"),
}
TABLES = {
    "core.measure": ("kpi", "unit", "scope_note", "default_breakdown_topic"),
    "marts.kpi_value": (
        *("kpi", "source", "vintage", "period", "period_kind", "period_label", "la_code"),
        *("area_code", "breakdown_topic", "breakdown", "numerator", "denominator", "value"),
        *("is_newest_of_source", "file_id"),
    ),
    "core.case_return": ("file_id", "received_file_id"),
    "core.corrected_value": ("file_id", "is_applied"),
    "core.late_record": ("received_file_id", "late_request_count", "late_plan_count"),
}

Row = dict[str, Any]


def _values(example: Row) -> list[tuple[Any, ...]]:
    kpi = example.get("measure", "plans")
    rows = []
    for source in ("council", "dfe"):
        printed = example[source]
        numerator, denominator = example.get("parts", {}).get(source, (None, None))
        for place, value in enumerate(printed):
            cell = (str(2025 + place), "2025-01", "stock", "January 2025", "860", "E10000028")
            numbers = (numerator, denominator, Decimal(str(value)))
            is_newest = place == len(printed) - 1
            rows.append((kpi, source, *cell, "All", "All", *numbers, is_newest, source))
    return rows


def _mart(example: Row) -> Row:
    """The one row that the mart makes of an example."""
    rows: dict[str, list[tuple[Any, ...]]] = {
        "core.measure": list(MEASURES.values()),
        "marts.kpi_value": _values(example),
        "core.case_return": [("council", "council")],
        "core.corrected_value": [("council", True)] * example.get("corrected", 0)
        + [("council", False)] * 1000,
        "core.late_record": [("council", example.get("late", 0), 0)],
    }
    types = {name: field.type for name, field in fields(SQL).items()}
    with duckdb.connect() as connection:
        connection.execute((SQL / "functions" / "duckdb.sql").read_text(encoding="utf-8"))
        connection.execute("create schema core")
        connection.execute("create schema marts")
        for table, names in TABLES.items():
            spelled = ", ".join(f"{name} {types[name]}" for name in names)
            connection.execute(f"create table {table} ({spelled})")
            marks = ", ".join("?" for _ in names)
            if rows[table]:
                connection.executemany(
                    f"insert into {table} values ({marks})",  # noqa: S608
                    [list(row) for row in rows[table]],
                )
        text = (SQL / "marts" / "reconciliation.sql").read_text(encoding="utf-8")
        result = connection.execute(text)
        names = tuple(column[0] for column in result.description)
        (row,) = result.fetchall()
    return dict(zip(names, row, strict=True))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["it"])
def test_a_difference_is_explained_as_its_example_says(example: Row) -> None:
    assert set(example) <= FIELDS
    row = _mart(example)
    for name, wanted in example["expect"].items():
        number = Decimal(str(wanted)) if isinstance(wanted, int | float) else wanted
        assert row[name] == number, name


def test_every_explanation_has_an_example() -> None:
    shown = {example["expect"].get("explanation_kind") for example in EXAMPLES} - {None}
    assert shown == set(fields(SQL)["explanation_kind"].codes)
