"""Why a figure differs: only what files, editions, queries and code leave no doubt of."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.release.diff_why import Inputs, Why, why_of, why_of_rule

NEW = {"source": "council", "kind": "sen2", "vintage": "2026-r2", "kept": "x"}
CORRECTIONS = NEW | {"kind": "case_correction"}
ROW = {
    "kpi": "plans_maintained",
    "is_new": False,
    "is_gone": False,
    "is_same_exactly": False,
    "old_file": "old",
    "new_file": "old",
}


def inputs(**changed: Any) -> Inputs:
    same: dict[str, Any] = {
        "added": {},
        "gone": {},
        "erased": frozenset(),
        "product": (),
        "code": ("a", "a"),
    }
    return Inputs(**same | changed)


@pytest.mark.parametrize(
    ("row", "differs", "changed", "why"),
    [
        ({"new_file": "new"}, {"added": {"new": NEW}}, (), Why.RESTATED),
        ({"new_file": "new"}, {"added": {"new": NEW}}, ("plans_maintained",), Why.UNCLEAR),
        ({"new_file": "new", "is_new": True}, {"added": {"new": NEW}}, (), Why.NEW_DATA),
        ({"is_gone": True, "new_file": None}, {"gone": {"old": NEW}}, (), Why.OTHER_FILE),
        ({"is_same_exactly": True}, {"added": {"new": NEW}}, (), Why.PROTECTION),
        ({"is_same_exactly": True}, {"product": ("sql",)}, (), Why.PROTECTION),
        ({}, {"erased": frozenset({"old"})}, (), Why.ERASED),
        ({}, {"added": {"new": CORRECTIONS}}, (), Why.CORRECTED),
        ({}, {"added": {"new": NEW}}, (), Why.OTHER_FILE),
        ({}, {"product": ("sql",)}, ("plans_maintained",), Why.CODE),
        ({}, {"product": ("pipelines/ingest/cells.py",)}, (), Why.CODE),
        ({}, {"product": ("sql",), "added": {"new": NEW}}, ("plans_maintained",), Why.UNCLEAR),
        ({}, {"product": ("sql",), "added": {"new": CORRECTIONS}}, (), Why.UNCLEAR),
        ({"is_new": True}, {"product": ("sql",)}, (), Why.CODE),
        ({}, {}, (), Why.UNCLEAR),
    ],
)
def test_a_figure_differs_for_one_reason(
    row: dict[str, Any], differs: dict[str, Any], changed: tuple[str, ...], why: Why
) -> None:
    assert why_of(ROW | row, inputs(**differs), frozenset(changed)) is why


@pytest.mark.parametrize(
    ("differs", "reasons"),
    [
        ({}, [Why.UNCLEAR]),
        ({"added": {"new": NEW}}, [Why.NEW_DATA]),
        ({"product": ("expectations/rules/sen2/request.yml",)}, [Why.CODE]),
        ({"product": ("data/councils/860/corrections.yml",)}, [Why.CODE]),
        (
            {"product": ("pipelines/ingest/judge.py",), "erased": frozenset({"old"})},
            [Why.ERASED, Why.CODE],
        ),
    ],
)
def test_a_rule_may_find_more_for_every_reason_that_holds(
    differs: dict[str, Any], reasons: list[Why]
) -> None:
    assert why_of_rule(inputs(**differs)) == reasons


def test_what_is_kept_of_inputs_names_no_file_of_the_council() -> None:
    told = inputs(added={"0123456789abcdef": NEW | {"kept": "f" * 64}}).as_json()
    assert told["files_added"] == [{"source": "council", "kind": "sen2", "vintage": "2026-r2"}]
    assert "0123456789abcdef" not in str(told)
