"""Where a milestone stands has worked examples (tests/examples/plan/*.yml): values in, status out.

Here belongs only what runs them: a plan of the house, a log of the house, and the real models.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.registry.fields import fields
from pipelines.registry.landing import landing_tables
from pipelines.registry.plan import Plan
from pipelines.registry.plan_log import Revision, level_now, line_of, log_path
from pipelines.registry.plan_rows import plan_rows
from pipelines.registry.strict import parse
from pipelines.settings import Settings

SQL = Path(__file__).parents[2] / "sql"
EXAMPLES = Path(__file__).parent / "plan"
TABLES = ("plan_action", "plan_measure", "plan_milestone", "plan_note")
MODELS = (
    *(f"{floor}.{name}" for floor in ("staging", "core") for name in TABLES),
    *(f"marts.{name}" for name in ("plan_value", "plan_milestone", "plan_action", "plan_note")),
)
MEASURES = {
    "share": ("percent", "high_is_good", "stock"),
    "overdue": ("count", "low_is_good", "stock"),
    "speed": ("percent", "high_is_good", "flow"),
}
AREAS = {"860": ("E10000028", "Staffordshire", "860"), "E92000001": ("E92000001", "England", None)}
OURS = {"is_assumption": True, "why": "This is a worked example only."}
NEEDS = "The council's places return with opening dates."
VALUE = (
    *("kpi", "period", "period_kind", "period_label", "la_code", "area_code"),
    *("breakdown_topic", "breakdown", "value", "source", "vintage", "is_shown"),
)

Row = dict[str, Any]


def _examples() -> list[Row]:
    paths = sorted(EXAMPLES.glob("*.yml"))
    return [
        item
        for path in paths
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["examples"]
    ]


def _plan(milestone: Row) -> Plan:
    kpi = milestone.get("kpi")
    own = {"title": "Places opened", "unit": "count", "polarity": "high_is_good", "needs": NEEDS}
    promise = {name: cell for name, cell in milestone.items() if name != "kpi"}
    measure = {
        "id": "measure",
        **({"kpi": kpi} if kpi else own),
        "milestones": [
            {
                "id": "step",
                "says": "A step is taken.",
                "is_date_assumption": True,
                "is_value_assumption": True,
                "why": OURS["why"],
                **promise,
            }
        ],
    }
    action = {
        **OURS,
        "id": "action",
        "title": "Something is done",
        "priority": "first",
        "owner": {**OURS, "role": "lead"},
        "measures": [measure],
    }
    content = {
        "la_code": "860",
        "title": "A worked example",
        "first_year": 2026,
        "last_year": 2029,
        "basis": "Made up to show where a milestone stands.",
        "roles": [{**OURS, "id": "lead", "title": "The lead"}],
        "priorities": [{**OURS, "id": "first", "title": "The first"}],
        "actions": [action],
    }
    return parse(Plan, content, "a worked example")


def _write_council(example: Row, root: Path) -> Settings:
    """A council whose plan and log say what the example says."""
    settings = Settings(workspace=root / "workspace", project_root=root)
    plan = _plan(example["milestone"])
    settings.council_folder.mkdir(parents=True)
    (settings.council_folder / "delivery_plan.yml").write_text(
        yaml.safe_dump(plan.model_dump(mode="json", exclude_defaults=True)), encoding="utf-8"
    )
    moves: list[Revision] = []
    for move in example.get("moves", []):
        due, value = level_now(plan.milestones()["step"], moves)
        given = {"old_date": due, "new_date": due, "old_value": value, "new_value": value} | move
        head = {"at": datetime(2026, 1, 12, 9, 30, tzinfo=UTC), "role": "lead"}
        moves.append(parse(Revision, {**head, "milestone": "step", **given}, "a move"))
    path = log_path(settings)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(map(line_of, moves)))
    return settings


def _period_kind(kpi: str, period: str) -> str:
    """The kind of a period by its form, as the warehouse tells it."""
    if "-YTD-" in period:
        return "year_to_date"
    kind = MEASURES[kpi][2]
    is_month = len(period) == len("2025-09") and (kind == "flow" or period[5:] != "01")
    return "month" if is_month else kind


def _value_row(line: list[Any]) -> Row:
    kpi, area, period, printed = line
    area_code, _, la_code = AREAS[area]
    return {
        "kpi": kpi,
        "period": period,
        "period_kind": _period_kind(kpi, period),
        "period_label": period,
        "la_code": la_code,
        "area_code": area_code,
        "breakdown_topic": "All",
        "breakdown": "All",
        "value": None if isinstance(printed, str) else Decimal(str(printed)),
        "source": "dfe",
        "vintage": "2026",
        "is_shown": True,
    }


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: list[Row]
) -> None:
    spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table {table} ({spelled})")
    for row in rows:
        connection.table(table).insert([row.get(name) for name in columns])


def _built(example: Row, root: Path) -> duckdb.DuckDBPyConnection:
    """The plan's models, run over one example."""
    connection = duckdb.connect()
    for schema in ("landing", "staging", "core", "marts"):
        connection.execute(f"create schema {schema}")
    for name, rows in plan_rows(_write_council(example, root)).items():
        _fill(connection, f"landing.{name}", landing_tables(SQL)[name], rows)
    types = {name: field.type for name, field in fields(SQL).items()}
    measures = [
        {"kpi": kpi, "title": kpi, "unit": unit, "decimals": 1, "polarity": p, "period_kind": k}
        for kpi, (unit, p, k) in MEASURES.items()
    ]
    names = ("area_code", "area_name", "la_code")
    areas = [dict(zip(names, row, strict=True)) for row in AREAS.values()]
    _fill(connection, "core.measure", {name: types[name] for name in measures[0]}, measures)
    _fill(connection, "core.area", {name: types[name] for name in areas[0]}, areas)
    values = [_value_row(line) for line in example["given"]]
    _fill(connection, "marts.kpi_value", {name: types[name] for name in VALUE}, values)
    for model in MODELS:
        text = (SQL / f"{model.replace('.', '/')}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table {model} as {text}")
    return connection


def _shown(cell: Any) -> Any:
    """A cell as the example writes it."""
    return Decimal(str(cell)) if isinstance(cell, int | float) else cell


@pytest.mark.parametrize("example", _examples(), ids=lambda example: example["it"])
def test_the_values_given_lead_to_the_status(example: Row, tmp_path: Path) -> None:
    with _built(example, tmp_path) as connection:
        result = connection.execute("select * from marts.plan_milestone")
        names = [column[0] for column in result.description]
        ((*cells,),) = result.fetchall()
        action = connection.execute(
            "select milestone_count, met_count, missed_count, moved_count, next_milestone"
            " from marts.plan_action"
        ).fetchall()
    milestone = dict(zip(names, cells, strict=True))
    expect = example["expect"]
    assert {name: _shown(milestone[name]) for name in expect} == {
        name: _shown(cell) for name, cell in expect.items()
    }
    status = milestone["milestone_status"]
    is_open = status not in {"met", "missed"}
    counts = (1, int(status == "met"), int(status == "missed"), int("moves" in example))
    assert action == [(*counts, "step" if is_open else None)]


def test_every_status_has_an_example_of_its_own() -> None:
    shown = {example["expect"]["milestone_status"] for example in _examples()}
    assert shown == set(fields(SQL)["milestone_status"].codes)


def test_examples_have_dates_as_dates() -> None:
    """A day that YAML read as a text would be compared as one, and never fail."""
    days = [example["milestone"]["due"] for example in _examples()]
    assert days
    assert all(isinstance(day, date) for day in days)
