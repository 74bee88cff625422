"""One action of the delivery plan as a row: who answers, what tells, what was promised, the latest.

HTML only; the chart and the tables of an action are in plan_detail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import formats
from dashboards.components.html import escape
from dashboards.components.marks import status_mark
from dashboards.words import milestone, plan
from dashboards.words.sources import without_files

Row = Mapping[str, Any]


def action_html(
    rows: Sequence[Row],
    milestones: Sequence[Row],
    comment: Row | None,
    role_titles: Mapping[str, str],
) -> str:
    """An action with its measures side by side with their milestones.

    rows: of queries.plan.actions, one a measure of this action; milestones: of the whole action.
    comment: the newest note that the reader may see, None where there is none.
    """
    first = rows[0]
    measures = "".join(_measure(row, _of(milestones, row)) for row in rows)
    return (
        f'<div class="sm-action"><p class="sm-note">{_owner(first)}{_funding(first)}</p>'
        f"{measures}{_comment(comment, role_titles)}</div>"
    )


def comment_words(note: Row, role_titles: Mapping[str, str]) -> str:
    """'20 November 2025, Report on the plan' or the role that wrote it, before the text."""
    role = note.get("author_role")
    source = plan.document(note.get("source_document"))
    who = role_titles.get(str(role), str(role).replace("-", " ")) if role else ""
    return ", ".join(part for part in (formats.day(note["made_at"]), who, source or "") if part)


def _of(milestones: Sequence[Row], row: Row) -> list[Row]:
    found = [item for item in milestones if item["plan_measure"] == row["plan_measure"]]
    return sorted(found, key=lambda item: str(item["current_due_date"]))


def _owner(row: Row) -> str:
    """The role that answers, and whether a document names it."""
    return f"Owner: {escape(str(row['owner_title']))}{mark(row['is_owner_assumption'])}"


def _funding(row: Row) -> str:
    text = row["funding_text"]
    if not text:
        return ""
    return f". Funding: {escape(str(text))}{mark(row['is_funding_assumption'])}"


def mark(is_ours: Any) -> str:
    """The mark of what no document says, as HTML; empty where one does."""
    said = plan.assumption(is_ours)
    return f' <span class="sm-ours">{escape(said)}</span>' if said else ""


def _measure(row: Row, milestones: Sequence[Row]) -> str:
    """The measure with its newest figure, and beside it every milestone in the order of time."""
    facts = [
        ("Started at", plan.baseline(row), row["is_baseline_assumption"]),
        ("Target", plan.target(row), row["is_target_assumption"]),
    ]
    listed = "".join(
        f"<p>{name}: {escape(text)}{mark(is_ours)}</p>" for name, text, is_ours in facts if text
    )
    is_held = formats.is_number(row["newest_value"])
    needs = "" if is_held else row["needs"] or without_files(str(row["measured_from"] or ""))
    wanted = f"<p>What would measure it: {escape(str(needs))}</p>" if needs else ""
    return (
        '<div class="sm-path"><div>'
        f'<p class="sm-path-name">{escape(plan.measure_name(row))}</p>'
        f'<p class="sm-path-value">{escape(plan.newest(row))}</p>{listed}{wanted}</div>'
        f"{_path(milestones)}</div>"
    )


def _path(milestones: Sequence[Row]) -> str:
    if not milestones:
        return "<p>No milestone</p>"
    items = "".join(
        f"<li>{status_mark(row['plan_status'])} {escape(milestone.promise(row))}"
        f"{mark(row['is_date_assumption'] or row['is_value_assumption'])}{_more(row)}</li>"
        for row in milestones
    )
    return f'<ul class="sm-milestones">{items}</ul>'


def _more(row: Row) -> str:
    """What decided it, the chance, and whether it was moved."""
    outcome = milestone.outcome(row)
    texts = (
        f"Judged on: {outcome}" if outcome else "",
        milestone.chance(row),
        milestone.reached(row),
        milestone.likely(row),
        milestone.moved(row),
    )
    return "".join(f"<span>{escape(text)}</span>" for text in texts if text)


def _comment(comment: Row | None, role_titles: Mapping[str, str]) -> str:
    if comment is None:
        return ""
    said = escape(comment_words(comment, role_titles))
    text = escape(str(comment["note_text"]))
    return f'<p class="sm-comment"><b>Latest comment:</b> {text} <span>{said}</span></p>'
