"""Every measure's SQL gives exactly the rows of its worked example (tests/examples/kpi/*.yml).

An example is the definition of a measure for someone who does not read SQL: published figures in,
rows out. Here belongs only what runs them; what a measure should do belongs in its example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

PROJECT = Path(__file__).parents[2]
MODELS = PROJECT / "sql" / "kpi"
EXAMPLES = Path(__file__).parent / "kpi"

FIGURE = {
    "source": "varchar",
    "vintage": "varchar",
    "dataset": "varchar",
    "indicator": "varchar",
    "period_kind": "varchar",
    "period": "varchar",
    "la_code": "varchar",
    "area_code": "varchar",
    "breakdown_topic": "varchar",
    "breakdown": "varchar",
    "value": "decimal(18, 6)",
    "symbol": "varchar",
    "file_id": "varchar",
    "row_number": "bigint",
}
KEY = ("source", "vintage", "period", "la_code", "area_code", "breakdown_topic", "breakdown")
NUMBERS = ("numerator", "denominator", "published_value")
ROW = (*KEY, *NUMBERS, "symbol", "file_id", "row_number")

Row = dict[str, Any]


def _files() -> list[Path]:
    return sorted(EXAMPLES.glob("*.yml"))


def _cases() -> Iterator[Any]:
    for path in _files():
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for example in content["examples"]:
            label = f"{content['measure']}: {example['it']}"
            yield pytest.param(content["measure"], content["usual"], example, id=label)


def _number(printed: Any) -> Any:
    """What YAML read, as the decimal that was written."""
    return Decimal(str(printed)) if isinstance(printed, int | float | str) else printed


def _complete(line: Row, usual: Row, columns: tuple[str, ...]) -> Row:
    """The line with everything that it leaves out; a name nobody knows is a slip of the pen."""
    unknown = set(line) - set(columns)
    assert not unknown, f"unknown field: {', '.join(sorted(unknown))}"
    full = {name: line.get(name, usual.get(name)) for name in columns}
    return {
        name: _number(cell) if name in (*NUMBERS, "value") else cell for name, cell in full.items()
    }


def _given(example: Row, usual: Row) -> list[Row]:
    return [_complete(line, usual, tuple(FIGURE)) for line in example["given"]]


def _expected(example: Row, usual: Row) -> list[Row]:
    return [_complete(line, usual, ROW) for line in example["expect"]]


def _order(vintage: str) -> int:
    """'2025' -> 2025000, '2025-r2' -> 2025001: the age of a release."""
    year, _, revision = vintage.partition("-r")
    return int(year) * 1000 + int(revision or 1) - 1


def _warehouse(given: list[Row]) -> duckdb.DuckDBPyConnection:
    """The two tables that measures read, holding the given figures and nothing else."""
    connection = duckdb.connect()
    connection.execute((PROJECT / "sql" / "functions" / "duckdb.sql").read_text(encoding="utf-8"))
    columns = ", ".join(f"{name} {kind}" for name, kind in FIGURE.items())
    connection.execute("create schema core")
    connection.execute(f"create table core.figure ({columns})")
    connection.execute(
        "create table core.vintage"
        " (source varchar, dataset varchar, vintage varchar, vintage_order integer)"
    )
    marks = ", ".join("?" for _ in FIGURE)
    for row in given:
        connection.execute(
            f"insert into core.figure values ({marks})",  # noqa: S608
            list(row.values()),
        )
    for source, dataset, vintage in sorted(
        {(r["source"], r["dataset"], r["vintage"]) for r in given}
    ):
        connection.execute(
            "insert into core.vintage values (?, ?, ?, ?)",
            [source, dataset, vintage, _order(vintage)],
        )
    return connection


def _rows(measure: str, given: list[Row]) -> list[Row]:
    """What the measure's SQL makes of the given figures."""
    model = (MODELS / f"{measure}.sql").read_text(encoding="utf-8")
    with _warehouse(given) as connection:
        result = connection.execute(model)
        names = tuple(column[0] for column in result.description)
        assert names == ROW, "a measure has exactly the columns of every other measure"
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _bag(rows: list[Row]) -> Counter[tuple[Any, ...]]:
    """The rows without their order; a row that comes twice counts twice."""
    return Counter(tuple(row[name] for name in ROW) for row in rows)


@pytest.mark.parametrize(("measure", "usual", "example"), list(_cases()))
def test_measure_gives_the_rows_of_its_example(measure: str, usual: Row, example: Row) -> None:
    made = _rows(measure, _given(example, usual))
    assert _bag(made) == _bag(_expected(example, usual))


def test_every_measure_has_an_example_and_every_example_a_measure() -> None:
    models = {path.stem for path in MODELS.glob("*.sql")}
    assert models
    assert {path.stem for path in _files()} == models


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_an_example_shows_a_figure_a_symbol_and_a_second_release(path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["measure"] == path.stem, "the path is the name"
    expected = [_expected(example, content["usual"]) for example in content["examples"]]
    rows = [row for lines in expected for row in lines]
    assert any(row[name] is not None for row in rows for name in NUMBERS)
    assert any(row["symbol"] for row in rows)
    assert any(len({row["vintage"] for row in lines}) > 1 for lines in expected)


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_a_wrong_expectation_fails(path: Path) -> None:
    """Every expected cell is looked at: changing any one of them is noticed."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    example = next(item for item in content["examples"] if item["expect"])
    made = _rows(path.stem, _given(example, content["usual"]))
    expected = _expected(example, content["usual"])
    for column in ROW:
        wrong = [dict(row) for row in expected]
        cell = wrong[0][column]
        if column in NUMBERS or column == "row_number":
            wrong[0][column] = (cell or 0) + 1
        else:
            wrong[0][column] = f"{cell} or not"
        assert _bag(made) != _bag(wrong), column
    assert _bag(made) != _bag(expected[1:]), "a row too few"
    assert _bag(made) != _bag([*expected, expected[0]]), "a row too many"
