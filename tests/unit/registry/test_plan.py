"""The delivery plan is read strictly, and says of everything where it stands or that it is ours."""

from __future__ import annotations

import copy
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import RegistryError
from pipelines.registry import plan as shapes
from pipelines.registry.landing import landing_tables
from pipelines.registry.measures import measures
from pipelines.registry.plan import Plan
from pipelines.registry.plan_file import delivery_plan, plan_documents
from pipelines.registry.plan_log import Note, Revision
from pipelines.registry.plan_rows import TABLES, plan_rows
from pipelines.registry.strict import Strict, parse
from pipelines.settings import PROJECT_ROOT, Settings

SQL = PROJECT_ROOT / "sql"
COUNCILS = PROJECT_ROOT / "data" / "councils"
PLANS = sorted(COUNCILS.glob("*/delivery_plan.yml"))
STAFFORDSHIRE = COUNCILS / "860"
OURS = {"is_assumption": True, "why": "No document says so; it is an example."}
MILESTONE = {"id": "half-way", "says": "Half is done.", "due": "2026-06-30", "value": 5}
CONTENT: dict[str, Any] = {
    "la_code": "860",
    "title": "A plan for the tests",
    "first_year": 2026,
    "last_year": 2029,
    "basis": "Made up for the tests, and from nothing else.",
    "documents": [{"id": "101", "title": "A law", "publisher": "A parliament"}],
    "roles": [{"id": "lead", "title": "The lead", "document": "101"}],
    "priorities": [{"id": "first", "title": "The first", "document": "101"}],
    "actions": [
        {
            "id": "act",
            "title": "Something is done",
            "priority": "first",
            "document": "101",
            "owner": {"role": "lead", **OURS},
            "measures": [
                {
                    "id": "speed",
                    "kpi": "plans_within_20_weeks_share",
                    "milestones": [{**MILESTONE, "document": "101"}],
                }
            ],
        }
    ],
}
MODELS = [
    model
    for model in vars(shapes).values()
    if isinstance(model, type) and issubclass(model, Strict) and model.__module__ == shapes.__name__
]


def _read(**changes: Any) -> Plan:
    return parse(Plan, copy.deepcopy(CONTENT) | changes, "delivery_plan.yml")


def _with_action(**changes: Any) -> Plan:
    return _read(actions=[CONTENT["actions"][0] | changes])


def _with_measure(**changes: Any) -> Plan:
    (measure,) = CONTENT["actions"][0]["measures"]
    merged = {name: cell for name, cell in (measure | changes).items() if cell is not None}
    return _with_action(measures=[merged])


def _with_milestone(**changes: Any) -> Plan:
    merged = {**MILESTONE, "document": "101"} | changes
    return _with_measure(milestones=[{k: v for k, v in merged.items() if v is not None}])


def test_a_measure_that_others_share_may_have_a_title_of_its_own() -> None:
    (measure,) = _with_measure(title="Plans of our team in time").measures()
    assert (measure.kpi, measure.title) == (
        "plans_within_20_weeks_share",
        "Plans of our team in time",
    )


def test_the_example_itself_is_a_plan() -> None:
    assert list(_read().milestones()) == ["half-way"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: _read(la_code="E10000028"), "la_code"),
        (lambda: _read(prioritys=[]), "did you mean 'priorities'"),
        (lambda: _read(last_year=2025), "lies before"),
        (lambda: _read(priorities=[{"id": "First!", "title": "The first", **OURS}]), "id"),
        (lambda: _with_action(priority="frist"), "did you mean 'first'"),
        (lambda: _with_action(owner={"role": "laed", **OURS}), "did you mean 'lead'"),
        (lambda: _with_action(depends_on=["acts"]), "did you mean 'act'"),
        (lambda: _with_action(depends_on=["act"]), "circle: act -> act"),
        (lambda: _with_action(document=None), "one of the two"),
        (lambda: _with_action(is_assumption=True), "one of the two"),
        (lambda: _with_action(document=None, is_assumption=True), "says `why`"),
        (lambda: _with_action(measures=[]), "measures"),
        (lambda: _with_measure(unit="count"), "leave it out here"),
        (lambda: _with_measure(kpi=None), "needs title, unit, needs, polarity"),
        (lambda: _with_measure(kpi=None, title="Own words", unit="places"), "unit"),
        (lambda: _with_measure(milestones=[MILESTONE]), "`document` says where"),
        (
            lambda: _with_measure(
                milestones=[
                    {**MILESTONE, "document": "101"},
                    {**MILESTONE, "document": "101", "id": "other"},
                ]
            ),
            "one for a day",
        ),
        (lambda: _with_measure(target={"document": "101"}), "`value` or `same_as_area`"),
        (
            lambda: _with_measure(target={"document": "101", "same_as_area": "E10000028"}),
            "three-digit code",
        ),
        (lambda: _with_milestone(value=None), "`value` or `same_as_area`"),
        (lambda: _with_milestone(same_as_area="E92000001"), "one of the two"),
        (lambda: _with_milestone(due="by Christmas"), "due"),
        (lambda: _with_milestone(is_date_assumption=True), "says `why`"),
        (
            lambda: _with_milestone(
                is_date_assumption=True, is_value_assumption=True, why=OURS["why"]
            ),
            "both are assumptions",
        ),
    ],
    # A function prints its address, which is another one for each worker.
    ids=lambda value: value if isinstance(value, str) else "given",
)
def test_what_is_wrong_is_named(wrong: Any, message: str) -> None:
    with pytest.raises(RegistryError, match=re.escape(message)):
        wrong()


@pytest.mark.parametrize("name", ["roles", "priorities", "actions"])
def test_an_id_stands_once(name: str) -> None:
    with pytest.raises(RegistryError, match="stands twice"):
        _read(**{name: CONTENT[name] * 2})


def test_a_milestone_stands_once_in_the_whole_plan() -> None:
    other = copy.deepcopy(CONTENT["actions"][0])
    other["id"], other["measures"][0]["id"] = "other", "other-speed"
    with pytest.raises(RegistryError, match="half-way stands twice"):
        _read(actions=[CONTENT["actions"][0], other])


@pytest.mark.parametrize("model", [*MODELS, Note, Revision], ids=lambda model: model.__name__)
def test_every_field_is_described_with_a_good_and_a_bad_example(model: type[Strict]) -> None:
    assert model.model_fields
    for name, field in model.model_fields.items():
        assert re.search(r"Good: .+ Bad: .", field.description or ""), f"{model.__name__}.{name}"


def _folder(tmp_path: Path, content: dict[str, Any], name: str = "860") -> Path:
    folder = tmp_path / "data" / "councils" / name
    folder.mkdir(parents=True)
    (folder / "delivery_plan.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def test_a_plan_is_of_the_council_whose_folder_it_is_in(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"^data/councils/861/delivery_plan\.yml: la_code"):
        delivery_plan(_folder(tmp_path, CONTENT, "861"))


def test_a_document_that_nobody_describes_is_refused(tmp_path: Path) -> None:
    wrong = copy.deepcopy(CONTENT)
    wrong["actions"][0]["measures"][0]["milestones"][0]["document"] = "102"
    with pytest.raises(RegistryError, match=r"no document '102' .did you mean '101'"):
        delivery_plan(_folder(tmp_path, wrong))


def test_a_document_of_the_statements_is_not_described_again(tmp_path: Path) -> None:
    content = CONTENT | {"documents": [{"id": "000", "title": "A law", "publisher": "Us"}]}
    text = yaml.safe_dump(content).replace("'101'", "'000'")
    folder = _folder(tmp_path, yaml.safe_load(text))
    statements = (STAFFORDSHIRE / "statements.yml").read_text(encoding="utf-8")
    (folder / "statements.yml").write_text(statements, encoding="utf-8")
    with pytest.raises(RegistryError, match=r"in statements\.yml already: 000"):
        delivery_plan(folder)


def test_a_council_without_a_file_has_no_plan_and_no_rows(tmp_path: Path) -> None:
    assert delivery_plan(COUNCILS / "998") is None
    rows = plan_rows(Settings(workspace=tmp_path, council="998"))
    assert rows == {name: [] for name in TABLES}


def test_rows_have_only_columns_of_the_landing_contract(tmp_path: Path) -> None:
    tables = landing_tables(SQL)
    rows = plan_rows(Settings(workspace=tmp_path))
    for name in TABLES:
        assert rows[name]
        assert all(set(row) <= set(tables[name]) for row in rows[name])


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name)
def test_every_measure_that_a_plan_names_exists_and_has_a_direction(path: Path) -> None:
    plan = delivery_plan(path.parent)
    assert plan is not None
    known = measures(SQL)
    named = [measure for measure in plan.measures() if measure.kpi]
    assert named
    assert {measure.kpi for measure in named} <= set(known)
    assert all(measure.polarity or known[measure.kpi or ""].polarity != "none" for measure in named)


# What the five documents say, by the document that says it.
PROMISED = {
    "overdue-cleared": (date(2025, 12, 25), Decimal(0), "000"),
    "special-places-48": (date(2026, 9, 1), Decimal(48), "000"),
    "mainstream-places-43": (date(2025, 11, 20), Decimal(43), "000"),
    "places-2026-143": (date(2026, 9, 1), Decimal(143), "000"),
    "eapdr-500": (date(2025, 11, 20), Decimal(500), "000"),
    "eapdr-800-a-year": (date(2026, 8, 31), Decimal(800), "002"),
    "within-20-weeks-2029": (date(2029, 12, 31), Decimal(100), "101"),
    "reviewed-2029": (date(2029, 12, 31), Decimal(100), "004"),
    "mainstream-as-england": (date(2029, 1, 31), None, None),
}
OUR_DATES = {
    "special-places-48",
    "eapdr-800-a-year",
    "within-20-weeks-2029",
    "reviewed-2029",
    "mainstream-as-england",
}


def test_staffordshires_milestones_are_those_of_the_documents() -> None:
    plan = delivery_plan(STAFFORDSHIRE)
    assert plan is not None
    found = plan.milestones()
    assert {name: (m.due, m.value, m.document) for name, m in found.items()} == PROMISED
    assert {name for name, m in found.items() if m.is_date_assumption} == OUR_DATES
    assert found["mainstream-as-england"].same_as_area == "E92000001"


def test_staffordshires_owners_are_marked_as_ours_and_its_money_is_not() -> None:
    plan = delivery_plan(STAFFORDSHIRE)
    assert plan is not None
    assert all(action.owner.is_assumption and action.owner.why for action in plan.actions)
    money = {a.id: (a.funding.amount_gbp, a.funding.document) for a in plan.actions if a.funding}
    assert money["clear-overdue-assessments"] == (Decimal(500_000), "000")
    assert money["early-support"] == (Decimal(1_200_000), "002")


def test_every_document_that_the_plan_adds_is_used() -> None:
    plan = delivery_plan(STAFFORDSHIRE)
    assert plan is not None
    text = (STAFFORDSHIRE / "delivery_plan.yml").read_text(encoding="utf-8")
    assert {"000", "002", "003", "004"} <= set(plan_documents(STAFFORDSHIRE, plan))
    for document in plan.documents:
        assert f'document: "{document.id}"' in text


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name)
def test_no_two_measures_of_one_plan_read_alike(path: Path) -> None:
    plan = delivery_plan(path.parent)
    assert plan is not None
    shared = Counter(measure.kpi for measure in plan.measures() if measure.kpi)
    titles = [item.title for item in plan.measures() if item.kpi and shared[item.kpi] > 1]
    assert titles
    assert len(set(titles)) == len(titles)
    assert None not in titles
