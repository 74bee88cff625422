"""Scenarios and rebases of a council are read strictly, and a mistake says what was meant."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.errors import RegistryError
from pipelines.registry.rebase import rebases
from pipelines.registry.scenarios import scenarios
from pipelines.settings import PROJECT_ROOT

COUNCILS = PROJECT_ROOT / "data" / "councils"
HELD = sorted(path.parent.name for path in COUNCILS.glob("*/scenarios.yml"))
OURS = {"is_assumption": True, "why": "No document says so; it is an example."}
STAFF = {"kind": "staff", "title": "A second team", "starts_on": "2025-09-01", "value": 20, **OURS}
CONTENT: dict[str, Any] = {
    "la_code": "860",
    "scenarios": [{"id": "team", "title": "The team stays", "actions": [STAFF]}],
}
DECISION = {
    "kpi": "overdue_cases",
    "of": "months",
    "first_period": "2025-10",
    "decided_on": "2026-06-01",
    "decided_by_role": "send-service-lead",
    "reason": "A second team began in September 2025 and stays.",
}


def write(folder: Path, name: str, content: Any) -> Path:
    council = folder / "860"
    council.mkdir(exist_ok=True)
    (council / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return council


def with_action(**cells: Any) -> dict[str, Any]:
    content = copy.deepcopy(CONTENT)
    content["scenarios"][0]["actions"][0] |= cells
    return content


@pytest.mark.parametrize("council", HELD)
def test_the_scenarios_of_the_house_are_sound(council: str) -> None:
    assert scenarios(COUNCILS / council)


def test_both_councils_of_the_house_have_scenarios() -> None:
    assert {"860", "999"} <= set(HELD)


def test_a_council_without_the_files_has_neither(tmp_path: Path) -> None:
    assert scenarios(tmp_path) == ()
    assert rebases(tmp_path) == ()


def test_an_action_says_what_it_changes_from_when(tmp_path: Path) -> None:
    (scenario,) = scenarios(write(tmp_path, "scenarios.yml", CONTENT))
    assert scenario.is_of_queue
    assert not scenario.is_current


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"kind": "stuff"}, "Input should be"),
        ({"starts": "2025-09-01"}, "did you mean 'starts_on'"),
        ({"value": 0}, "greater than 0"),
        ({"before": 10}, "`before` stands with ep_hours"),
        ({"kind": "ep_hours"}, "`before` stands with ep_hours"),
        ({"kind": "new_plan_share", "value": 80}, "`setting` stands with new_plan_share"),
        ({"kind": "triage", "value": 1.5}, "at most 1"),
        ({"kind": "triage", "value": 1}, "no queue to speak of"),
        ({"ends_on": "2025-09-01"}, "later than `starts_on`"),
        ({"is_assumption": False}, "where it stands"),
        ({"why": None}, "says `why`"),
        ({"document": "999", "is_assumption": False}, "no document '999'"),
    ],
    ids=lambda cell: "-".join(cell) if isinstance(cell, dict) else None,
)
def test_a_wrong_action_is_refused_with_what_was_meant(
    cells: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(RegistryError, match=r"scenarios\.yml") as raised:
        scenarios(write(tmp_path, "scenarios.yml", with_action(**cells)))
    assert said in str(raised.value)


def test_one_scenario_is_about_the_queue_or_about_the_caseload(tmp_path: Path) -> None:
    content = copy.deepcopy(CONTENT)
    leavers = {**STAFF, "kind": "leaver_rate", "title": "More leave", "value": 1.1}
    content["scenarios"][0]["actions"].append(leavers)
    with pytest.raises(RegistryError, match="on the queue, or on the caseload"):
        scenarios(write(tmp_path, "scenarios.yml", content))


def test_one_scenario_at_most_is_what_is_being_done(tmp_path: Path) -> None:
    content = copy.deepcopy(CONTENT)
    first = content["scenarios"][0] | {"is_current": True}
    content["scenarios"] = [first, first | {"id": "other"}]
    with pytest.raises(RegistryError, match="one scenario is what is being done"):
        scenarios(write(tmp_path, "scenarios.yml", content))


def test_a_decision_counts_periods_of_its_own_line(tmp_path: Path) -> None:
    years = DECISION | {"of": "years", "first_period": "2024"}
    council = write(tmp_path, "rebases.yml", {"la_code": "860", "rebases": [DECISION, years]})
    assert [item.place for item in rebases(council)] == [12 * 2025 + 9, 2024]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"decided_on": None}, "decided_on"),
        ({"reason": "better"}, "reason"),
        ({"first_period": "2025"}, "a month (2025-10) of months"),
        ({"of": "years"}, "a month (2025-10) of months"),
        ({"first_period": "2025-13"}, "first_period"),
        ({"since": "2025-10"}, "unknown key"),
    ],
    ids=["no date", "no reason", "a year of months", "a month of years", "no month", "other key"],
)
def test_a_rebase_without_date_or_reason_is_refused(
    cells: dict[str, Any], said: str, tmp_path: Path
) -> None:
    content = {"la_code": "860", "rebases": [DECISION | cells]}
    with pytest.raises(RegistryError, match=r"rebases\.yml") as raised:
        rebases(write(tmp_path, "rebases.yml", content))
    assert said in str(raised.value)


def test_limits_begin_anew_once_at_a_period(tmp_path: Path) -> None:
    content = {"la_code": "860", "rebases": [DECISION, DECISION]}
    with pytest.raises(RegistryError, match="twice at one period"):
        rebases(write(tmp_path, "rebases.yml", content))


@pytest.mark.parametrize("name", ["scenarios.yml", "rebases.yml"])
def test_a_file_of_another_council_is_refused(name: str, tmp_path: Path) -> None:
    content = CONTENT if name == "scenarios.yml" else {"rebases": [DECISION]}
    council = write(tmp_path, name, content | {"la_code": "330"})
    with pytest.raises(RegistryError, match="la_code is '330'"):
        (scenarios if name == "scenarios.yml" else rebases)(council)
