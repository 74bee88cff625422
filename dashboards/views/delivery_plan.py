"""Delivery plan: what was promised, by whom, how it stands, and the chance that it will be kept."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from dashboards import context
from dashboards.components import html, plan_filters
from dashboards.components.first_sentence import first_sentence
from dashboards.components.marks import standing_html
from dashboards.components.plan_detail import detail
from dashboards.components.plan_moves import moves
from dashboards.components.plan_rows import action_html
from dashboards.components.promises import promises
from dashboards.queries import plan as queries
from dashboards.queries.frozen import by_word, records
from dashboards.words import plan as words

OFFICERS = (
    "What officers noted themselves on an action is for the council's officers. What a published "
    "document reported, and the reasons for which a milestone was moved, are for everybody."
)
EMPTY = (
    "This release holds no delivery plan. A council's plan is written in its folder, as "
    "data/councils/README.md describes; after the next build and approval it stands here."
)


def actions_part(
    page: context.Context, shown: pd.DataFrame, milestones: pd.DataFrame, notes: pd.DataFrame
) -> None:
    """The actions under their priorities, each a row that opens to its charts."""
    titles = dict(zip(shown["owner_role"], shown["owner_title"], strict=True))
    promised = by_word(records(milestones), "plan_action")
    said = by_word(records(notes), "plan_action")
    for priority, group in by_word(records(shown), "priority_title").items():
        st.header(priority, anchor=False)
        for action, held in by_word(group, "plan_action").items():
            own = promised.get(action, [])
            told = [note for note in said.get(action, []) if note["entry_kind"] != "revision"]
            with st.container(border=True, key=f"action-{action}"):
                st.subheader(str(held[0]["action_title"]), anchor=False)
                st.html(action_html(held, own, told[0] if told else None, titles))
                label = f"Charts, milestones in full and sources: {held[0]['action_title']}"
                opened = st.expander(label, key=f"open-{action}", on_change="rerun")
                if opened.open:
                    with opened:
                        detail(page, held, own, told, titles)


def moves_part(
    milestones: pd.DataFrame, notes: pd.DataFrame | None, titles: dict[str, str]
) -> None:
    """Every milestone that was moved, with the reason."""
    st.header("Milestones that were moved", anchor=False)
    table = moves(milestones, notes, titles)
    if table.empty:
        st.html(html.paragraphs("No milestone has been moved since it was first promised."))
        return
    st.html(html.table(table, "Milestones that were moved", is_caption_shown=False))


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    council = page.own_la_code
    actions, milestones = queries.actions(page.key, council), promises(page, council)
    st.title(f"{page.facts['council_name']}: the delivery plan", anchor=False)
    if actions.empty:
        first_sentence(EMPTY)
        return
    notes = queries.notes(page.key, council)
    counts = Counter(str(status) for status in milestones["plan_status"])
    moved = int((milestones["revision_count"] > 0).sum())
    first_sentence(words.standing(counts))
    more = html.paragraphs(words.moves(moved, len(milestones)), words.ours(records(actions)))
    st.html(more + standing_html(counts))
    chosen = plan_filters.choose(actions, milestones)
    shown = plan_filters.kept(actions, milestones, chosen)
    if shown.empty:
        st.html(html.paragraphs("No action fits both filters. Choose another priority or status."))
    actions_part(page, shown, milestones, notes)
    titles = dict(zip(actions["owner_role"], actions["owner_title"], strict=True))
    moves_part(milestones, notes if page.is_officer else None, titles)
    if not page.is_officer:
        st.html(html.paragraphs(OFFICERS, css="sm-note"))


render(context.current())
