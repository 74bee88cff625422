"""Overview: where the home authority stands, for a reader with one minute."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.changed import Changed, Part
from dashboards.components import html, view_state
from dashboards.components.cards import cards_html
from dashboards.components.chart_panel import chart_panel
from dashboards.components.comparison import Choice, comparison
from dashboards.components.first_sentence import first_sentence
from dashboards.components.reports import offer_reports
from dashboards.components.whose import PARAMETER, whose
from dashboards.overview import Overview, Statements, heading, overview
from pipelines.registry.council import Council

PAGE = "overview"
MAIN_MEASURE = "mainstream_share"
FIRST_YEAR = "2019"


def lead_part(found: Overview, *, has_plan: bool) -> None:
    """How the plan stands, and the position in a few sentences.

    has_plan: whether the page of the delivery plan is about this council.
    """
    link = html.escape(view_state.address("delivery_plan"))
    more = f'<p><a href="{link}">See the delivery plan</a></p>' if has_plan else ""
    first, *others = found.lead
    first_sentence(first, html.paragraphs(*others) + more)


def main_chart(page: context.Context, council: Council) -> None:
    """The share in mainstream settings, or the first measure where that one is not held."""
    if not page.measures:
        return
    measure = page.measures.get(MAIN_MEASURE) or next(iter(page.measures.values()))
    choice = Choice(measure, council.area_code, (page.england,), council.neighbour_average)
    made = comparison(page, choice, "overview", since=FIRST_YEAR)
    if made is None:
        st.html(html.paragraphs(f"No figure of {measure.title} for {council.name}."))
        return
    chart_panel(page, *made, measure)


def changed_part(found: Changed) -> None:
    """What differs from the release that readers had before."""
    st.header("What changed since the last release", anchor=False)
    named = f" The release before: {found.before}." if found.before else ""
    figures = Part(found.summary + named, found.lines)
    st.html("".join(told(part) for part in (figures, *found.parts)))


def told(part: Part) -> str:
    """A sentence, and what it counts one by one."""
    page = html.escape(view_state.address(part.page)) if part.more and part.page else ""
    more = html.escape(part.more)
    items = [*map(html.escape, part.lines), f'<a href="{page}">{more}</a>' if page else more]
    each = "".join(f"<li>{item}</li>" for item in items if item)
    return html.paragraphs(part.summary) + (f'<ul class="sm-changes">{each}</ul>' if each else "")


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
    council = whose(page, view_state.arrived(PAGE), PAGE, is_published_first=True)
    is_home = council.la_code == page.home.la_code
    view_state.write(PAGE, {PARAMETER: "" if is_home else council.la_code})
    title.title(heading(council), anchor=False)
    found = overview(page, council)
    lead_part(found, has_plan=page.facts.get("council") == council.la_code)
    notes = html.paragraphs(found.symbols, *found.reading, css="sm-note")
    notes += html.paragraphs(found.missing)
    st.html(cards_html(found.cards, page.palette) + notes)
    changed_part(found.changed)
    # On paper the cards fill the page: the chart and the buttons are for the screen.
    with st.container(key="overview-screen"):
        main_chart(page, council)
        offer_reports(page, council)
    if found.statements:
        statements_part(found.statements)
    st.header(found.not_said[0], anchor=False)
    st.html(html.paragraphs(*found.not_said[1:]))


render(context.current())
