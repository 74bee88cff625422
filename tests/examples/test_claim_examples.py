"""Every verdict has worked examples (tests/examples/claims/*.yml): figures in, judgement out.

An example is the rule for someone who does not read SQL. Here belongs only what runs them: the
register's own rows, the real models of core and marts, and nothing written for the test alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.landing import landing_tables
from pipelines.registry.statement_rows import statement_figure_rows, statement_rows
from pipelines.registry.statements import Register
from pipelines.registry.strict import parse

PROJECT = Path(__file__).parents[2]
SQL = PROJECT / "sql"
EXAMPLES = Path(__file__).parent / "claims"

VERDICTS = {"confirmed", "out_of_date", "different_bases", "not_borne_out", "not_testable"}
MODELS = (
    "staging/statement",
    "staging/statement_figure",
    "core/statement",
    "core/statement_figure",
    "marts/claim_side",
    "marts/claim_figure",
    "marts/claim",
    "marts/claim_evidence",
)
VALUE = {
    "kpi": "varchar",
    "source": "varchar",
    "vintage": "varchar",
    "vintage_order": "integer",
    "period": "varchar",
    "period_kind": "varchar",
    "period_label": "varchar",
    "la_code": "varchar",
    "area_code": "varchar",
    "breakdown_topic": "varchar",
    "breakdown": "varchar",
    "value": "decimal(18, 6)",
    "symbol": "varchar",
    "is_shown": "boolean",
    "file_id": "varchar",
    "row_number": "bigint",
}
MEASURE = {
    "kpi": "varchar",
    "title": "varchar",
    "unit": "varchar",
    "decimals": "integer",
    "period_kind": "varchar",
    "break_at": "varchar",
}
AREA = dict.fromkeys(("area_code", "area_name", "area_kind", "la_code"), "varchar")
GIVEN = {"kpi", "area", "period", "value", "symbol", "vintage", "source", "breakdown_topic"}
EXPECTED = {"verdict", "reason", "reason_says", "needs", "measured", "like_for_like", "evidence"}
PREFERENCE = {"dfe": 1, "moj": 2, "lait": 3, "council": 4}

Row = dict[str, Any]


@cache
def _usual() -> Row:
    return dict(yaml.safe_load((EXAMPLES / "usual" / "register.yml").read_text(encoding="utf-8")))


def _examples() -> list[tuple[str, Row]]:
    found = []
    for path in sorted(EXAMPLES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(path.stem, example) for example in content["examples"]]
    return found


def _cases() -> list[Any]:
    return [pytest.param(example, id=f"{stem}: {example['it']}") for stem, example in _examples()]


def _register(example: Row) -> Register:
    statement = {
        "id": "C01",
        "document": example.get("document", "001"),
        "statement": "What a council said in public, in other words.",
        "figures": example["figures"],
        "needs": example.get("needs"),
    }
    usual = {name: _usual()[name] for name in ("publication_calendar", "documents")}
    content = {"la_code": "860", **usual, "statements": [statement]}
    return parse(Register, content, "a worked example")


def _value_rows(given: list[Row]) -> list[Row]:
    """Complete rows of marts.kpi_value; the newest edition of the preferred source is shown."""
    rows = [_value_row(number, line) for number, line in enumerate(given, start=2)]
    for row in rows:
        rivals = [other for other in rows if _cell(other) == _cell(row)]
        row["is_shown"] = row is min(
            rivals, key=lambda r: (PREFERENCE[r["source"]], -r["vintage_order"])
        )
    return rows


def _value_row(number: int, line: Row) -> Row:
    unknown = set(line) - GIVEN - {"breakdown"}
    assert not unknown, f"unknown field: {', '.join(sorted(unknown))}"
    area = line.get("area", "860")
    (place,) = (a for a in _usual()["areas"] if area in (a.get("la_code"), a["area_code"]))
    period = line["period"]
    value = line.get("value")
    return {
        "kpi": line["kpi"],
        "source": line.get("source", "dfe"),
        "vintage": line.get("vintage", "2025"),
        "vintage_order": int(line.get("vintage", "2025")) * 1000,
        "period": period,
        "period_kind": "stock" if period.endswith("-01") else "flow",
        "period_label": f"January {period[:4]}" if period.endswith("-01") else period,
        "la_code": place.get("la_code"),
        "area_code": place["area_code"],
        "breakdown_topic": line.get("breakdown_topic", "All"),
        "breakdown": line.get("breakdown", "All"),
        "value": None if value is None else Decimal(str(value)),
        "symbol": line.get("symbol"),
        "file_id": "file",
        "row_number": number,
    }


def _cell(row: Row) -> tuple[Any, ...]:
    names = ("kpi", "period", "area_code", "breakdown_topic", "breakdown")
    return tuple(row[name] for name in names)


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: list[Row]
) -> None:
    spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table {table} ({spelled})")
    for row in rows:
        connection.table(table).insert([row.get(name) for name in columns])


@pytest.fixture
def judged(example: Row) -> Iterator[duckdb.DuckDBPyConnection]:
    """The models of the register, run over one example's figures."""
    connection = duckdb.connect()
    connection.execute((SQL / "functions" / "duckdb.sql").read_text(encoding="utf-8"))
    for schema in ("landing", "staging", "core", "marts"):
        connection.execute(f"create schema {schema}")
    register = _register(example)
    landing = landing_tables(SQL)
    _fill(connection, "landing.statement", landing["statement"], statement_rows(register))
    figures = statement_figure_rows(register)
    _fill(connection, "landing.statement_figure", landing["statement_figure"], figures)
    _fill(connection, "core.area", AREA, _usual()["areas"])
    _fill(connection, "marts.measure", MEASURE, _usual()["measures"])
    _fill(connection, "marts.kpi_value", VALUE, _value_rows(example["given"]))
    for model in MODELS:
        text = (SQL / f"{model}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table {model.replace('/', '.')} as {text}")
    yield connection
    connection.close()


def _evidence(connection: duckdb.DuckDBPyConnection, role: str) -> list[list[Any]]:
    """kpi, area, period, value or symbol, and note of each row in its order."""
    rows = connection.execute(
        """
        select kpi, coalesce(la_code, area_code), period, value, symbol, note
        from marts.claim_evidence where role = ? order by position
        """,
        [role],
    ).fetchall()
    return [
        [*cells, symbol if value is None else value, note] for *cells, value, symbol, note in rows
    ]


def _as_written(rows: list[list[Any]]) -> list[list[Any]]:
    """Numbers as the decimals that the example writes."""
    return [
        [Decimal(str(cell)) if isinstance(cell, int | float) else cell for cell in row]
        for row in rows
    ]


@pytest.mark.parametrize("example", _cases())
def test_the_figures_given_lead_to_the_verdict(
    example: Row, judged: duckdb.DuckDBPyConnection
) -> None:
    expect = example["expect"]
    assert set(expect) <= EXPECTED, "unknown field in `expect`"
    rows = judged.execute("select verdict, verdict_reason, needs from marts.claim").fetchall()
    ((verdict, reason, needs),) = rows
    assert verdict == expect["verdict"], reason
    assert reason == expect.get("reason", reason)
    assert expect.get("reason_says", "") in reason
    assert needs == expect.get("needs", needs)
    for role in ("measured", "like_for_like", "evidence"):
        if role in expect:
            assert _evidence(judged, role) == _as_written(expect[role]), role


@pytest.mark.parametrize("example", _cases())
def test_evidence_leads_back_to_a_row_of_a_file(
    example: Row, judged: duckdb.DuckDBPyConnection
) -> None:
    cells = judged.execute(
        "select file_id, row_number, vintage, source from marts.claim_evidence"
        " where role = 'evidence'"
    ).fetchall()
    known = {(line["file_id"], line["row_number"]) for line in _value_rows(example["given"])}
    assert {(file_id, row) for file_id, row, _, _ in cells} <= known
    assert all(vintage and source for _, _, vintage, source in cells)
    held = judged.execute("select verdict from marts.claim").fetchone()
    assert cells or held == ("not_testable",)


def test_every_verdict_has_an_example_of_its_own() -> None:
    shown = {example["expect"]["verdict"] for _, example in _examples()}
    assert shown == VERDICTS
