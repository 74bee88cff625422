"""What `send publish` prints before it asks: all that differs, and why, however much it is."""

from __future__ import annotations

from typing import Any

from commands.told import tell_difference
from dashboards.words.release_evidence import WHY

MANY = 50
INPUTS: dict[str, Any] = {
    "files_added": [],
    "files_gone": [],
    "files_erased_from": 0,
    "product_changed": [],
}


def measure(number: int) -> dict[str, Any]:
    old = {"period": "2026-01", "value": 1_000 + number, "symbol": None}
    counts = {"changed": 2, "added": 0, "gone": 0, "why": {"restated": 2}}
    return {"kpi": f"measure_{number:02}", "old": old, "new": old | {"value": number}} | counts


def rule(number: int, **changed: Any) -> dict[str, Any]:
    old, new = ({"value": count, "symbol": None} for count in (2_000 + number, number))
    return {"rule": f"R{number:02}", "old": old, "new": new, "why": ["new_data", "code"]} | changed


def said(inputs: dict[str, Any] = INPUTS, **found: Any) -> list[str]:
    lines: list[str] = []
    whole = {"before": "earlier", "inputs": inputs, "measures": [], "rules": []}
    tell_difference(lines.append, whole | found)
    return [line.strip() for line in lines]


def test_every_measure_and_every_rule_that_differs_is_told_with_why() -> None:
    lines = said(measures=[*map(measure, range(MANY))], rules=[*map(rule, range(MANY))])
    for number in range(MANY):
        assert (
            f"measure_{number:02}: {1_000 + number:,} (2026-01) -> {number} (2026-01); "
            f"2 changed ({WHY['restated']})"
        ) in lines
        why = f"{WHY['new_data']} and {WHY['code']}"
        assert f"rule R{number:02}: {2_000 + number:,} -> {number} ({why})" in lines
    assert not [line for line in lines if "diff.json" in line], "it is not there before approval"


def test_a_rule_that_was_kept_without_a_reason_is_told_and_one_that_is_as_before_is_not() -> None:
    same = {"value": 3, "symbol": None}
    lines = said(rules=[rule(1, why=[]), rule(2, old=same, new=same, why=[])])
    assert f"rule R01: 2,001 -> 1 ({WHY['unclear']})" in lines
    assert not [line for line in lines if "R02" in line]
    assert "No figure and no count of a rule differs." not in lines


def test_every_edition_that_came_or_went_is_told_with_its_number_of_files() -> None:
    came = [{"source": "council", "kind": "sen2", "vintage": str(year)} for year in range(MANY)]
    lines = said(INPUTS | {"files_added": [*came, *came[-1:]], "files_gone": came[:1]})
    assert [f"new file: sen2 {year}" for year in range(MANY - 1)] == lines[1:MANY]
    assert f"new file: sen2 {MANY - 1} (2 files)" in lines
    assert "file that is gone: sen2 0" in lines
