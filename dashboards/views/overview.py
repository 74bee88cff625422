"""Overview: where the home authority stands, for a reader with one minute."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.components import html, view_state
from dashboards.components.cards import cards_html
from dashboards.components.chart_panel import chart_panel
from dashboards.components.comparison import Choice, comparison
from dashboards.components.position_choice import choose
from dashboards.components.reports import offer_reports
from dashboards.overview import Changed, Overview, Statements, overview
from pipelines.registry.council import Council

MAIN_MEASURE = "mainstream_share"
FIRST_YEAR = "2019"


def lead_part(found: Overview) -> None:
    """The position in a few sentences, and how the plan stands."""
    link = html.escape(view_state.address("delivery_plan"))
    st.html(
        html.paragraphs(found.lead[0], css="sm-lead")
        + html.paragraphs(*found.lead[1:])
        + f'<p>{html.escape(found.plan)} <a href="{link}">See the delivery plan</a></p>'
    )


def main_chart(page: context.Context, whose: Council) -> None:
    """The share in mainstream settings, or the first measure where that one is not held."""
    if not page.measures:
        return
    measure = page.measures.get(MAIN_MEASURE) or next(iter(page.measures.values()))
    choice = Choice(measure, whose.area_code, (page.england,), whose.neighbour_average)
    made = comparison(page, choice, "overview", since=FIRST_YEAR)
    if made is None:
        st.html(html.paragraphs(f"No figure of {measure.title} for {whose.name}."))
        return
    chart_panel(page, *made, measure)


def changed_part(found: Changed) -> None:
    """What differs from the release that readers had before."""
    st.header("What changed since the last release", anchor=False)
    named = f" The release before: {found.before}." if found.before else ""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in found.lines)
    st.html(html.paragraphs(found.summary + named) + (f"<ul>{items}</ul>" if items else ""))


def statements_part(found: Statements) -> None:
    """How many public statements were confirmed, and how many were not."""
    st.header(found.headline, anchor=False)
    items = "".join(f"<li><b>{count}</b> {html.escape(said)}</li>" for count, said in found.counts)
    every = html.escape(view_state.address("statements"))
    st.html(
        f'<ul class="sm-counts">{items}</ul>'
        f'<p><a href="{every}">See each statement with its evidence</a></p>'
    )


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    title = st.empty()
    whose = choose(page)
    found = overview(page, whose)
    title.title(found.title, anchor=False)
    lead_part(found)
    notes = html.paragraphs(found.symbols, css="sm-note") + html.paragraphs(found.missing)
    st.html(cards_html(found.cards, page.palette) + notes)
    changed_part(found.changed)
    # On paper the cards fill the page: the chart and the buttons are for the screen.
    with st.container(key="overview-screen"):
        main_chart(page, whose)
        offer_reports(page, whose)
    if found.statements:
        statements_part(found.statements)
    st.header(found.not_said[0], anchor=False)
    st.html(html.paragraphs(*found.not_said[1:]))


render(context.current())
