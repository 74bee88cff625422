"""Compare: any area, any measure, every period, against any other; never in order of merit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import context, formats
from dashboards.components import html
from dashboards.components.breakdown import parts
from dashboards.components.chart_panel import chart_panel
from dashboards.components.compare_filters import choose
from dashboards.components.compare_lead import compare_lead
from dashboards.components.comparison import Choice, comparison
from dashboards.components.first_sentence import first_sentence
from dashboards.queries import figures
from dashboards.words.reading import reading_note

NOT_A_RANKING = "This is not a ranking of performance; it is a starting point for questions."


def revisions(page: context.Context, choice: Choice) -> None:
    """Every edition of the figures on the page that a later release changed."""
    codes = (choice.area, *choice.others)
    measure = choice.measure
    found = figures.editions(page.key, measure.kpi, codes, choice.topic, choice.breakdown)
    if found.empty:
        return
    rows = [
        (
            page.area_name(str(row.area_code)),
            row.period_label,
            f"{row.vintage}{' (shown)' if row.is_shown else ''}",
            formats.number(row.value, measure.unit, measure.places(row.source), row.symbol),
        )
        for row in found.itertuples()
    ]
    count = len(found.drop_duplicates(["area_code", "period"]))
    st.header(f"{formats.plural(count, 'figure')} on this page revised [r]", anchor=False)
    table = pd.DataFrame(rows, columns=["Area", "Period", "Release", "Figure"])
    st.html(html.table(table, "Revised figures", ("Figure",), is_caption_shown=False))


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Compare", anchor=False)
    # The finding stands above the filters: on a phone they fill the first screen by themselves.
    above = st.container()
    choice = choose(page)
    with above:
        first_sentence(compare_lead(page, choice), html.paragraphs(NOT_A_RANKING, css="sm-note"))
    made = comparison(page, choice, "compare")
    if made is None:
        return
    chart_panel(page, *made, choice.measure)
    note = reading_note(choice.measure.reading_note, None, None)
    if note:
        st.html(html.paragraphs(note, css="sm-note"))
    if not choice.is_whole and choice.average != "none":
        st.html(
            html.paragraphs("Neighbour averages are published for the whole only.", css="sm-note")
        )
    parts(page, choice)
    revisions(page, choice)


render(context.current())
