"""Every record rule is right on both sides of its boundary; the set is strict when read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.engine.duckdb import make_table
from pipelines.errors import RegistryError, SendError
from pipelines.registry.fields import fields
from pipelines.registry.house import house_models
from pipelines.registry.rules import RULE_FINDING, RuleSet, rule_sets
from pipelines.registry.suites import suites
from pipelines.settings import PROJECT_ROOT
from tests.rule_findings import Finding, finding_columns, run_rules

EXPECTATIONS = PROJECT_ROOT / "expectations"
SQL = PROJECT_ROOT / "sql"


def _sets() -> dict[str, RuleSet]:
    return rule_sets(EXPECTATIONS, SQL)


def _examples() -> Iterator[Any]:
    for each in _sets().values():
        for rule in each.rules:
            sides = ((rule.examples.faulty, True), (rule.examples.sound, False))
            for row, is_faulty in sides:
                side = "faulty" if is_faulty else "sound"
                yield pytest.param(
                    each.frames[rule.frame], rule.predicate, row, is_faulty, id=f"{rule.id} {side}"
                )


@pytest.mark.parametrize(("frame", "predicate", "row", "is_faulty"), list(_examples()))
def test_a_rule_is_right_on_both_sides_of_its_boundary(
    empty_warehouse: duckdb.DuckDBPyConnection,
    frame: str,
    predicate: str,
    row: dict[str, Any],
    is_faulty: bool,
) -> None:
    empty_warehouse.execute(f"create table frame as {frame}")
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    values = [Decimal(str(item)) if isinstance(item, float) else item for item in row.values()]
    empty_warehouse.execute(f"insert into frame ({names}) values ({marks})", values)  # noqa: S608
    found = empty_warehouse.table("frame").filter(predicate).fetchall()
    assert len(found) == int(is_faulty)


def test_each_example_gives_every_column_that_decides() -> None:
    """A predicate over an empty column is never true, so a sound row would prove nothing."""
    judged = 0
    for each in _sets().values():
        for rule in each.rules:
            lacking = set(rule.columns) - set(rule.examples.sound)
            assert not lacking, f"{rule.id}: {lacking}"
            judged += 1
    assert judged >= 15


def test_the_known_symbols_are_those_of_the_dictionary() -> None:
    (rule,) = (rule for rule in _sets()["published"].rules if rule.id == "PUB-09")
    codes = fields(SQL)["symbol"].codes
    assert codes
    with duckdb.connect() as connection:
        for code in codes:
            connection.execute(
                "create or replace table cell as select ? as symbol, 'caseload' as dataset", [code]
            )
            assert not connection.table("cell").filter(rule.predicate).fetchall(), code


def test_findings_have_the_columns_of_their_suite() -> None:
    assert finding_columns() == suites(EXPECTATIONS, SQL)["core.rule_finding"].suite.columns


def test_an_empty_warehouse_has_no_findings(empty_warehouse: duckdb.DuckDBPyConnection) -> None:
    assert run_rules(empty_warehouse) == []


def test_the_table_holds_what_run_rules_gives(
    empty_warehouse: duckdb.DuckDBPyConnection, insert: Any
) -> None:
    insert("core.published_figure", [_figure(number, -number) for number in range(1, 6)])
    findings = run_rules(empty_warehouse)
    made = make_table(empty_warehouse, house_models(PROJECT_ROOT)[RULE_FINDING])
    assert made == len(findings) > 0
    rows = empty_warehouse.table("core.rule_finding").fetchall()
    assert [Finding(*row) for row in rows] == findings


def test_a_finding_names_three_areas_at_most_and_no_value(
    empty_warehouse: duckdb.DuckDBPyConnection, insert: Any
) -> None:
    insert("core.published_figure", [_figure(number, -98765) for number in range(1, 6)])
    (finding,) = (item for item in run_rules(empty_warehouse) if item.rule == "PUB-01")
    assert (finding.row_count, finding.area_count, finding.first_row_number) == (5, 5, 1)
    assert finding.area_codes == "E00000001, E00000002, E00000003"
    assert "98765" not in repr(finding)


@pytest.mark.parametrize(("area_count", "found"), [(100, 1), (99, 0)])
def test_groups_are_added_up_where_the_file_lists_every_area(
    empty_warehouse: duckdb.DuckDBPyConnection, insert: Any, area_count: int, found: int
) -> None:
    plans = {"dataset": "caseload", "indicator": "ehcplans", "period": "2024-01"}
    wholes = [_figure(number, 10) | plans for number in range(1, area_count + 1)]
    groups = [
        wholes[0] | plans | {"breakdown_topic": "Sex", "breakdown": name, "value": value}
        for name, value in (("Female", 4), ("Male", 5))
    ]
    insert("core.published_figure", [*wholes, *groups])
    findings = [item for item in run_rules(empty_warehouse) if item.rule == "PUB-06"]
    assert [item.area_codes for item in findings] == ["E00000001"] * found


def test_a_warehouse_without_the_tables_says_so() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        with pytest.raises(SendError, match="published_figure"):
            make_table(connection, house_models(PROJECT_ROOT)[RULE_FINDING])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    return tmp_path / "expectations"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("id: PUB-02", "id: PUB-01"), "written twice: PUB-01"),
        (("frame: growth", "frame: grwth"), "frames that no rule reads: growth"),
        (("predicate: copy_count >= 2", "predicate: copies >= 2"), "no column 'copies'"),
        (("table: core.published_figure", "table: core.published_figur"), "did you mean"),
        (("predicate: copy_count >= 2", "predicate: copy_count >= >= 2"), "not readable as SQL"),
        (("remedy: Do not use the figure.", "remdy: Do not use it."), "did you mean 'remedy'"),
        (("faulty: {symbol: n/a", "faulty: {symbl: n/a"), "did you mean 'symbol'"),
    ],
)
def test_a_rule_that_names_what_does_not_exist_is_refused(
    copy: Path, change: tuple[str, str], said: str
) -> None:
    path = copy / "rules" / "published.yml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        rule_sets(copy, SQL)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("core.published_figure", "core.published_figur"), "did you mean 'core.published_figure'"),
        (("symbol,", "smybol,"), "does not exist"),
        (("area_code,", "area_code as place,"), "lacks area_code"),
    ],
)
def test_a_frame_that_names_what_does_not_exist_is_refused(
    copy: Path, change: tuple[str, str], said: str
) -> None:
    path = copy / "rules" / "published" / "cell.sql"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        rule_sets(copy, SQL)


def _figure(number: int, value: int) -> dict[str, Any]:
    return {
        "source": "dfe",
        "vintage": "2025",
        "dataset": "annual_reviews",
        "indicator": "review_decision_outstanding",
        "period_kind": "flow",
        "period": "2024",
        "la_code": f"{number:03}",
        "area_code": f"E{number:08}",
        "breakdown_topic": "All",
        "breakdown": "All",
        "value": value,
        "file_id": "0123456789abcdef",
        "row_number": number,
    }
