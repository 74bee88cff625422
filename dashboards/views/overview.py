"""Overview: where the home authority stands, for a reader with one minute."""

from __future__ import annotations

import streamlit as st

from dashboards import context, queries
from dashboards.components import html, readings, states
from dashboards.components.cards import Card, cards_html, symbols
from dashboards.components.chart_panel import chart_panel
from dashboards.components.comparison import Choice, comparison
from dashboards.words.position import LITTLE, position
from dashboards.words.verdicts import VERDICTS, summary

MAIN_MEASURE = "mainstream_share"
FIRST_YEAR = "2019"

NOT_SAID = (
    "What this page cannot say",
    "It holds published figures, one a year. It does not say what happened since, why a figure "
    "moved, how a child fared, or whether a plan was good.",
    "One year's change may be chance: with one figure a year there are too few to tell a signal "
    "from noise.",
    f"A measure is said to have changed little when it moved by less than {LITTLE['percent']} "
    "percentage points (or half a week, or 1% of a count) between two consecutive periods.",
)


def cards_part(page: context.Context, found: list[Card]) -> None:
    """The cards, and a word on measures without a figure."""
    meanings = html.paragraphs(states.symbols_line(symbols(found)), css="sm-note")
    st.html(cards_html(found, page.palette) + meanings)
    missing = readings.absent(page)
    if missing:
        st.html(html.paragraphs(f"Without a figure in this release: {'; '.join(missing)}."))


def main_chart(page: context.Context) -> None:
    """The share in mainstream settings, or the first measure where that one is not held."""
    measure = page.measures.get(MAIN_MEASURE) or next(iter(page.measures.values()))
    choice = Choice(measure, page.home.area_code, (page.england,), page.home.neighbour_average)
    made = comparison(page, choice, "overview", since=FIRST_YEAR)
    if made is None:
        st.html(html.paragraphs(f"No figure of {measure.title} for {page.home.name}."))
        return
    chart_panel(page, *made, measure)


def statements_part(page: context.Context) -> None:
    """How many public statements were confirmed, and how many were not."""
    claims = queries.claims(page.key)
    if claims.empty:
        return
    st.header(summary(claims["verdict"]), anchor=False)
    counts = claims["verdict"].value_counts()
    items = "".join(
        f"<li><b>{counts.get(verdict, 0)}</b> {html.escape(words)}</li>"
        for verdict, words in VERDICTS.items()
    )
    st.html(f'<ul class="sm-counts">{items}</ul>')
    st.html('<p><a href="statements">See each statement with its evidence</a></p>')


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    found = readings.cards(page)
    st.title(f"{page.home.name}: the position", anchor=False)
    lead = position(page.home.name, readings.plans(found), readings.readings(found))
    st.html(html.paragraphs(lead[0], css="sm-lead") + html.paragraphs(*lead[1:]))
    cards_part(page, found)
    if page.measures:
        main_chart(page)
    statements_part(page)
    st.header(NOT_SAID[0], anchor=False)
    st.html(html.paragraphs(*NOT_SAID[1:]))


render(context.current())
