"""About the measures: what each one counts, where it comes from, and how to read the pages."""

from __future__ import annotations

import streamlit as st

from dashboards import context, formats
from dashboards.accessibility import FAULTS, LAST_TESTED
from dashboards.components import html, view_state
from dashboards.components.chart_panel import about
from dashboards.components.symbols import symbols_table
from dashboards.measure import Measure

PAGE = "about"
THEMES = {
    "demand": "Demand",
    "timeliness": "Timeliness",
    "placement": "Where children learn",
    "reviews": "Annual reviews",
    "need": "Needs",
    "appeals": "Mediation and appeals",
    "schools": "Pupils in schools",
}
ACCESS = (
    "The pages are tested in a real browser against the Web Content Accessibility Guidelines 2.2, "
    "level AA, with axe-core, and by keyboard. Each chart has a text that states its finding and a "
    "table with the same figures. No meaning is carried by colour alone.",
)


def asked_for(measures: dict[str, Measure]) -> str | None:
    """The measure that the address names; the filter and the address agree afterwards."""
    options = ["", *measures]
    address = view_state.arrived(PAGE)
    if address is not None:
        view_state.preset("about_measure", view_state.one_of(address.get("measure"), options, ""))
    chosen = st.selectbox(
        "Find a measure",
        options,
        format_func=lambda kpi: measures[kpi].title if kpi else "All measures",
        key="about_measure",
    )
    view_state.write(PAGE, {"measure": chosen or ""})
    return chosen or None


def all_measures(measures: dict[str, Measure]) -> None:
    """Every measure under its theme, closed until asked for."""
    for theme in [*THEMES, *sorted({item.theme for item in measures.values()} - set(THEMES))]:
        part = [item for item in measures.values() if item.theme == theme]
        if not part:
            continue
        st.header(THEMES.get(theme, theme), anchor=False)
        for measure in part:
            with st.expander(measure.title):
                about(measure)


def accessibility() -> None:
    """How the pages were tested and what is known to be wrong."""
    st.header("Accessibility", anchor=False)
    st.html(html.paragraphs(*ACCESS))
    st.html(html.paragraphs(f"Last tested {LAST_TESTED}."))
    items = "".join(f"<li>{html.escape(f'{fault.what} ({fault.seen})')}</li>" for fault in FAULTS)
    known = f"<p>Known faults, all in the framework of the pages:</p><ul>{items}</ul>"
    st.html(known if FAULTS else "<p>The tests found no fault.</p>")


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("About the measures", anchor=False)
    count = formats.plural(len(page.measures), "measure")
    st.html(html.paragraphs(f"This release holds figures for {count}."))
    chosen = asked_for(page.measures)
    if chosen:
        st.header(page.measures[chosen].title, anchor=False)
        about(page.measures[chosen])
    else:
        all_measures(page.measures)
    st.header("Symbols", anchor=False)
    symbols_table()
    accessibility()


render(context.current())
