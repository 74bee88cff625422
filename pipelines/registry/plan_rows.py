"""The delivery plan and its log as rows of the tables landing.plan_* (sql/landing.yml).

Nothing is judged here: statuses are computed in sql/marts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from pipelines.registry.plan import (
    Action,
    Milestone,
    Plan,
    PlanMeasure,
    Sourced,
)
from pipelines.registry.plan_file import delivery_plan, plan_documents
from pipelines.registry.plan_log import Note, PlanLog, Revision, log_path, read_log
from pipelines.registry.statements import Document
from pipelines.settings import Settings

Row = dict[str, Any]
TABLES = ("plan_action", "plan_measure", "plan_milestone", "plan_note")


@dataclass(frozen=True)
class HeldPlan:
    """A plan with what its parts point to."""

    plan: Plan
    documents: Mapping[str, Document]
    log: PlanLog


def held_plan(settings: Settings) -> HeldPlan | None:
    """The home authority's plan and log as they lie on disk; None where it has no plan.

    Raises:
        RegistryError: the plan or a line of the log does not follow its schema.
    """
    plan = delivery_plan(settings.council_folder)
    if plan is None:
        return None
    documents = plan_documents(settings.council_folder, plan)
    return HeldPlan(plan, documents, read_log(log_path(settings)))


def plan_rows(settings: Settings) -> dict[str, list[Row]]:
    """Rows by table; every table without rows where the council has no plan."""
    held = held_plan(settings)
    if held is None:
        return {name: [] for name in TABLES}
    return {
        "plan_action": list(_numbered(_action_rows(held), held)),
        "plan_measure": list(_numbered(_measure_rows(held), held)),
        "plan_milestone": list(_numbered(_milestone_rows(held), held)),
        "plan_note": [*_status_rows(held), *_log_rows(held)],
    }


def _numbered(rows: Iterator[Row], held: HeldPlan) -> Iterator[Row]:
    for position, row in enumerate(rows, start=1):
        yield {"la_code": held.plan.la_code, "position": position, **row}


def _action_rows(held: HeldPlan) -> Iterator[Row]:
    roles = {role.id: role for role in held.plan.roles}
    priorities = {priority.id: priority for priority in held.plan.priorities}
    for action in held.plan.actions:
        priority = priorities[action.priority]
        yield {
            "plan_action": action.id,
            "action_title": action.title,
            "plan_priority": priority.id,
            "priority_title": priority.title,
            "is_priority_assumption": priority.is_assumption,
            "owner_role": action.owner.role,
            "owner_title": roles[action.owner.role].title,
            "is_owner_assumption": action.owner.is_assumption,
            "depends_on": ", ".join(action.depends_on),
            **_funding(action, held),
            **_source(action, held),
            "is_assumption": action.is_assumption,
            "assumption_reason": action.why,
        }


def _funding(action: Action, held: HeldPlan) -> Row:
    funding = action.funding
    if funding is None:
        return {}
    return {
        "funding_text": funding.says,
        "funding_gbp": _plain(funding.amount_gbp),
        "funding_document": _document(funding.document, held),
        "is_funding_assumption": funding.is_assumption,
    }


def _measure_rows(held: HeldPlan) -> Iterator[Row]:
    for action in held.plan.actions:
        for measure in action.measures:
            yield {
                "plan_action": action.id,
                "plan_measure": measure.id,
                "measure_title": measure.title,
                **measure.model_dump(include={"kpi", "breakdown_topic", "breakdown"}),
                **measure.model_dump(include={"unit", "polarity", "needs"}),
                **_baseline(measure, held),
                **_target(measure, held),
            }


def _baseline(measure: PlanMeasure, held: HeldPlan) -> Row:
    baseline = measure.baseline
    if baseline is None:
        return {}
    return {
        "baseline_text": baseline.says,
        "baseline_value": _plain(baseline.value),
        "baseline_period": baseline.period,
        "baseline_document": _document(baseline.document, held),
        "is_baseline_assumption": baseline.is_assumption,
        "baseline_reason": baseline.why,
    }


def _target(measure: PlanMeasure, held: HeldPlan) -> Row:
    target = measure.target
    if target is None:
        return {}
    return {
        "target_value": _plain(target.value),
        "target_area_key": target.same_as_area,
        "target_document": _document(target.document, held),
        "is_target_assumption": target.is_assumption,
        "target_reason": target.why,
    }


def _milestone_rows(held: HeldPlan) -> Iterator[Row]:
    for action in held.plan.actions:
        for measure in action.measures:
            for milestone in measure.milestones:
                head = {"plan_action": action.id, "plan_measure": measure.id}
                yield head | _milestone_row(milestone, held)


def _milestone_row(milestone: Milestone, held: HeldPlan) -> Row:
    return {
        "milestone": milestone.id,
        "milestone_text": milestone.says,
        "original_due_date": milestone.due,
        "original_value": _plain(milestone.value),
        "level_area_key": milestone.same_as_area,
        **_source(milestone, held),
        "is_date_assumption": milestone.is_date_assumption,
        "is_value_assumption": milestone.is_value_assumption,
        "assumption_reason": milestone.why,
    }


def _status_rows(held: HeldPlan) -> Iterator[Row]:
    """What documents reported, in the order of the file."""
    said = [(action, note) for action in held.plan.actions for note in action.status_notes]
    for number, (action, note) in enumerate(said, start=1):
        yield {
            "la_code": held.plan.la_code,
            "entry_kind": "status",
            "entry_number": number,
            "made_at": datetime.combine(note.day, time.min),
            "plan_action": action.id,
            "note_text": note.text,
            "source_document": _document(note.document, held),
        }


def _log_rows(held: HeldPlan) -> Iterator[Row]:
    """What stands in the log, numbered by its lines."""
    actions = {
        milestone.id: action.id
        for action in held.plan.actions
        for measure in action.measures
        for milestone in measure.milestones
    }
    for number, entry in held.log.entries.items():
        yield {
            "la_code": held.plan.la_code,
            "entry_kind": entry.kind,
            "entry_number": number,
            "made_at": entry.at.astimezone(UTC).replace(tzinfo=None),
            "author_role": entry.role,
            **_said(entry, actions),
        }


def _said(entry: Note | Revision, actions: Mapping[str, str]) -> Row:
    if isinstance(entry, Note):
        return {"plan_action": entry.action, "note_text": entry.text}
    return {
        "plan_action": actions.get(entry.milestone),
        "milestone": entry.milestone,
        "note_text": entry.reason,
        "old_due_date": entry.old_date,
        "new_due_date": entry.new_date,
        "old_value": _plain(entry.old_value),
        "new_value": _plain(entry.new_value),
    }


def _source(record: Sourced | Milestone, held: HeldPlan) -> Row:
    if record.document is None:
        return {}
    return {
        "source_document": _document(record.document, held),
        "statement_date": held.documents[record.document].statement_date,
    }


def _document(name: str | None, held: HeldPlan) -> str | None:
    """'000: title (publisher)', as in core.statement."""
    if name is None:
        return None
    document = held.documents[name]
    return f"{document.id}: {document.title} ({document.publisher})"


def _plain(number: Decimal | None) -> str | None:
    """Written out, because an exponent such as 5E+1 is read wrongly further on."""
    return None if number is None else f"{number:f}"
