"""The parts of the delivery plan's page: rows, moves and filters, on plans of every kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from dashboards.components.plan_filters import ANY, Filters, kept
from dashboards.components.plan_moves import moves
from dashboards.components.plan_rows import action_html, comment_words
from dashboards.words import plan

ROLES = {"lead": "Lead of the service"}


def action(**changed: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "plan_action": "a",
        "plan_priority": "p",
        "priority_title": "First",
        "action_title": "Do <it>",
        "owner_title": "Lead of the service",
        "is_owner_assumption": False,
        "funding_text": "",
        "is_funding_assumption": False,
        "plan_measure": "m",
        "measure_title": "Plans in time",
        "unit": "percent",
        "decimals": 1,
        "newest_decimals": 1,
        "newest_value": 22.8,
        "newest_value_period_label": "2025",
        "baseline_text": "35.3%",
        "baseline_period": "2024",
        "is_baseline_assumption": False,
        "target_value": 95.0,
        "target_area_name": None,
        "is_target_assumption": True,
        "needs": None,
        "measured_from": "The SEN2 return",
    }
    return base | changed


def milestone(**changed: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "plan_action": "a",
        "plan_measure": "m",
        "milestone": "m-2026",
        "milestone_text": "Three in four are in time",
        "unit": "percent",
        "decimals": 1,
        "newest_decimals": 1,
        "polarity": "high_is_good",
        "level_value": 75.0,
        "current_value": 75.0,
        "first_level_value": 80.0,
        "original_value": 80.0,
        "level_area_name": None,
        "original_due_date": dt.date(2026, 6, 30),
        "current_due_date": dt.date(2026, 12, 31),
        "plan_status": "at_risk",
        "chance": 0.05,
        "chance_from": "forecast",
        "chance_detail": "own_months/x",
        "why_not": None,
        "revision_count": 1,
        "revised_at": dt.datetime(2026, 3, 1, 10, 0),
        "revised_by_role": "lead",
        "revision_reason": "A term later.",
        "deciding_value": None,
        "deciding_period": None,
        "is_date_assumption": False,
        "is_value_assumption": False,
    }
    return base | changed


def note(**changed: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "entry_kind": "revision",
        "entry_number": 1,
        "made_at": dt.datetime(2026, 3, 1, 10, 0),
        "author_role": "lead",
        "plan_action": "a",
        "milestone": "m-2026",
        "note_text": "A term <later>.",
        "source_document": None,
        "old_due_date": dt.date(2026, 6, 30),
        "new_due_date": dt.date(2026, 12, 31),
        "old_value": 80.0,
        "new_value": 75.0,
    }
    return base | changed


def test_a_row_joins_measure_path_owner_comment_chance_and_status() -> None:
    text = action_html([action()], [milestone()], note(entry_kind="note"), ROLES)
    for part in (
        "Owner: Lead of the service",
        "Plans in time",
        "22.8% in 2025",
        "Started at: 35.3% (2024)",
        'Target: 95% <span class="sm-ours">Our assumption</span>',
        "At risk</strong>",
        "At least 75% by 31 December 2026",
        "Chance of meeting it: 5%",
        "First promised: at least 80% by 30 June 2026.",
        "A term &lt;later&gt;.",
        "1 March 2026, Lead of the service",
    ):
        assert part in text, part
    assert "<later>" not in text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "22.8% in 2025"),
        (
            {"newest_value_period": "2026-01", "newest_value_vintage": "2026"},
            "22.8% on 15 January 2026",
        ),
        (
            {"newest_value_period": "2026-01", "newest_value_vintage": "2026-r2"},
            "22.8% on 15 January 2026",
        ),
        ({"newest_value_period": "2026-01", "newest_value_vintage": "2026-01"}, "22.8% in 2025"),
        (
            {"newest_value_period": "2026-01", "newest_value_vintage": "2026-01-services"},
            "22.8% in 2025",
        ),
        (
            {
                "newest_value_period": "2026-01",
                "newest_value_vintage": "2026",
                "newest_value_source": "dfe",
            },
            "22.8% in 2025",
        ),
        ({"kpi": "early_support_children_12_months"}, "22.8% in the 12 months to 2025"),
    ],
    ids=["year", "return", "second-copy", "extract", "services", "published", "twelve-months"],
)
def test_a_figure_of_one_day_says_its_day_where_it_is_known(
    changed: dict[str, Any], said: str
) -> None:
    row = action(newest_value_source="council", newest_value_period="2025")
    assert plan.newest(row | changed) == said


def test_a_row_about_a_part_of_a_measure_names_the_part() -> None:
    part = action(breakdown_topic="Support kind", breakdown="EAPDR")
    assert plan.measure_name(part) == ("Plans in time: EAPDR (enhanced assess, plan, do, review)")
    assert "EAPDR" in action_html([part], [], None, ROLES)
    assert plan.measure_name(action(breakdown_topic="Sex", breakdown="Girls")).endswith(": Girls")
    assert plan.measure_name(action(breakdown_topic="All", breakdown="All")) == "Plans in time"
    own = action(breakdown_topic="Plan action", breakdown="special-places")
    assert plan.measure_name(own) == "Plans in time"


def test_a_reader_without_notes_sees_no_comment() -> None:
    assert "Latest comment" not in action_html([action()], [milestone()], None, ROLES)


def test_a_measure_without_a_figure_says_what_would_measure_it() -> None:
    text = action_html([action(newest_value=None, needs="A survey.")], [], None, ROLES)
    assert "No figure held" in text
    assert "What would measure it: A survey." in text
    assert "No milestone" in text
    text = action_html([action(newest_value=None)], [], None, ROLES)
    assert "What would measure it: The SEN2 return" in text


def test_milestones_stand_in_the_order_of_their_days_under_their_own_measure() -> None:
    early = milestone(milestone="m-2025", current_due_date=dt.date(2025, 12, 31), revision_count=0)
    other = milestone(plan_measure="elsewhere", milestone="x", level_value=1.0)
    text = action_html([action()], [milestone(), other, early], None, ROLES)
    assert text.index("31 December 2025") < text.index("31 December 2026")
    assert "At least 1%" not in text


def test_a_document_stands_where_no_role_wrote() -> None:
    reported = note(author_role=None, source_document="902: A report")
    assert comment_words(reported, ROLES) == "1 March 2026, A report"
    assert comment_words(note(author_role="school-lead"), ROLES) == "1 March 2026, school lead"


def test_officers_see_every_move_and_others_the_first_promise_and_the_last_reason() -> None:
    plan = pd.DataFrame([milestone(revision_count=2), milestone(milestone="n", revision_count=0)])
    notes = pd.DataFrame([note(), note(new_value=78.0), note(entry_kind="note", milestone=None)])
    every = moves(plan, notes, ROLES)
    assert list(every["To"]) == [
        "At least 75% by 31 December 2026",
        "At least 78% by 31 December 2026",
    ]
    assert set(every["From"]) == {"At least 80% by 30 June 2026"}
    public = moves(plan, None, ROLES)
    assert public.to_numpy().tolist() == [
        [
            "Three in four are in time",
            "1 March 2026, the last of 2 moves",
            "Lead of the service",
            "At least 80% by 30 June 2026",
            "At least 75% by 31 December 2026",
            "A term later.",
        ]
    ]
    assert moves(plan[plan["revision_count"] == 0], None, ROLES).empty


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["a", "b"]),
        (Filters("p", ANY), ["a"]),
        (Filters(ANY, "met"), ["b"]),
        (Filters("p", "met"), []),
    ],
    ids=["all", "priority", "status", "both"],
)
def test_filters_leave_whole_actions(filters: Filters, expected: list[str]) -> None:
    actions = pd.DataFrame([action(), action(plan_action="b", plan_priority="q")])
    promised = pd.DataFrame([milestone(), milestone(plan_action="b", plan_status="met")])
    assert list(kept(actions, promised, filters)["plan_action"]) == expected
