"""What an action opens to: a chart of each measure, its milestones in full, and its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.course import HISTORY, Course, breaks, with_forecast
from dashboards.components.events import events_of
from dashboards.components.outlook import draw
from dashboards.components.plan_rows import comment_words
from dashboards.context import Context
from dashboards.queries import plan as queries
from dashboards.words import milestone, plan

Row = Mapping[str, Any]


def detail(
    page: Context,
    rows: Sequence[Row],
    milestones: Sequence[dict[str, Any]],
    notes: Sequence[Row],
    role_titles: Mapping[str, str],
) -> None:
    """Everything held on one action, below its row.

    notes: what was said of it that the reader may see, the newest first.
    """
    for row in rows:
        _measure(
            page, row, [item for item in milestones if item["plan_measure"] == row["plan_measure"]]
        )
    every = queries.actions(page.key, str(rows[0]["la_code"]))
    titles = dict(zip(every["plan_action"], every["action_title"], strict=True))
    st.html(_sources(rows, titles))
    if notes:
        lines = [(comment_words(note, role_titles), note["note_text"]) for note in notes]
        said = pd.DataFrame(lines, columns=["When and by whom", "What was said"])
        st.html(html.table(said, f"Comments on: {rows[0]['action_title']}"))


def _measure(page: Context, row: Row, milestones: Sequence[dict[str, Any]]) -> None:
    values = queries.values(page.key, str(row["la_code"]))
    history = values[values["plan_measure"] == row["plan_measure"]]
    if history.empty:
        st.html(
            html.paragraphs(f"{plan.measure_name(row)}: no figure is held, so nothing is drawn.")
        )
    else:
        course = _course(page, row, milestones, history)
        measure = page.measures.get(str(row["kpi"]))
        draw(page, course, measure, f"plan-{row['plan_measure']}")
    if milestones:
        caption = f"Milestones: {plan.measure_name(row)}"
        st.html(html.table(_table(milestones), caption))


def _course(
    page: Context, row: Row, milestones: Sequence[dict[str, Any]], history: pd.DataFrame
) -> Course:
    measure = page.measures.get(str(row["kpi"]))
    is_whole = row["breakdown_topic"] == "All"
    title = plan.measure_name(row)
    started = row["baseline_period"]
    events = ((str(started), "Baseline"),) if started else ()
    course = Course(
        subject=measure.short_title if measure and is_whole else title,
        name=title,
        area=str(page.facts["council_name"]),
        unit=str(row["unit"]),
        decimals=int(row["newest_decimals"]) if formats.is_number(row["newest_decimals"]) else 0,
        topic=str(row["breakdown_topic"]),
        history=history[HISTORY],
        milestones=tuple(milestones),
        events=(*breaks(measure), *events),
        happened=events_of(page, str(row["kpi"] or ""), str(row["la_code"])),
    )
    return with_forecast(page, course, str(row["kpi"] or ""), str(row["la_code"]))


def _table(milestones: Sequence[Row]) -> pd.DataFrame:
    """Each milestone as first promised and as it stands, with what decided or may decide it."""
    lines = [
        {
            "Milestone": row["milestone_text"],
            "First promised": milestone.promise(row, is_first=True),
            "As it stands": _stands(row),
            "Status": milestone.status(row["plan_status"]).word,
            "What tells": milestone.outcome(row) or milestone.outlook(row),
            "Stated in": _stated(row),
        }
        for row in milestones
    ]
    return pd.DataFrame(lines)


def _stands(row: Row) -> str:
    if not row["revision_count"]:
        return "Not moved"
    when = formats.day(row["revised_at"])
    return f"{milestone.promise(row)}, moved on {when}: {row['revision_reason']}"


def _stated(row: Row) -> str:
    """The document; and of what no document says, that it is ours, and why."""
    parts = [
        name
        for name, is_ours in (
            ("the day", row["is_date_assumption"]),
            ("the level", row["is_value_assumption"]),
        )
        if is_ours
    ]
    ours = f"Our assumption: {formats.listed(parts)}. " if parts else ""
    why = row["assumption_reason"] or ""
    return f"{plan.document(row['source_document'])}. {ours}{why}".strip(". ") + "."


def _depends_on(row: Row, titles: Mapping[str, str]) -> str:
    """The titles of the actions that have to come first."""
    names = str(row["depends_on"] or "").split(", ")
    return "; ".join(titles.get(name, name) for name in names if name)


def _sources(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Where the action, its money, its baselines and targets come from, and what it depends on."""
    first = rows[0]
    terms = [
        (
            "Stated in",
            _from(first["source_document"], first["is_assumption"], first["assumption_reason"]),
        ),
        (
            "Funding",
            _from(first["funding_document"], first["is_funding_assumption"], "")
            if first["funding_text"]
            else "",
        ),
        ("Depends on", _depends_on(first, titles)),
    ]
    for row in rows:
        name = formats.lower_first(str(row["measure_title"]))
        if row["baseline_text"]:
            told = _from(
                row["baseline_document"], row["is_baseline_assumption"], row["baseline_reason"]
            )
            terms.append((f"Start: {name}", told))
        if row["target_document"] or row["target_reason"]:
            told = _from(row["target_document"], row["is_target_assumption"], row["target_reason"])
            terms.append((f"Target: {name}", told))
    body = "".join(
        f"<dt>{html.escape(term)}</dt><dd>{html.escape(str(text))}</dd>"
        for term, text in terms
        if text
    )
    return f'<dl class="sm-terms">{body}</dl>'


def _from(document: Any, is_ours: Any, why: Any) -> str:
    said = plan.assumption(is_ours, why) or (why or "")
    return ". ".join(str(part) for part in (plan.document(document), said) if part)
