"""About the measures: what each one counts, where it comes from, and how to read the pages."""

from __future__ import annotations

import streamlit as st

from dashboards import context, formats
from dashboards.components import html, view_state
from dashboards.components.access_statement import statement
from dashboards.components.definitions import by_theme, definition, folded, numbers_table
from dashboards.components.first_sentence import first_sentence
from dashboards.components.symbols import symbols_table
from dashboards.measure import Measure

PAGE = "about"
NUMBERS = (
    "The measures were first listed under these numbers. One number can have several measures "
    "here, and a measure can answer to two numbers."
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


def all_measures(page: context.Context) -> None:
    """Every measure under its theme, closed until asked for, and the numbers."""
    for theme, measures in by_theme(page.measures):
        st.header(theme, anchor=False)
        st.html(folded(page, measures))
    st.header("Numbers of the specification, K01 to K41", anchor=False)
    st.html(html.paragraphs(NUMBERS))
    with st.container(key="sm-printed-numbers"), st.expander("Show the numbers"):
        st.html(numbers_table(page))


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("About the measures", anchor=False)
    count = formats.plural(len(page.measures), "measure")
    first_sentence(f"This release holds figures for {count}.")
    st.html(
        html.paragraphs(
            "Each says what it counts, where it comes from, when it was last updated and when it "
            "will be next."
        )
    )
    chosen = asked_for(page.measures)
    if chosen:
        st.header(page.measures[chosen].title, anchor=False)
        st.html(definition(page, page.measures[chosen]))
    else:
        all_measures(page)
    st.header("Symbols", anchor=False)
    symbols_table()
    statement(page)


render(context.current())
