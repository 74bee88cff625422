"""Timeliness and backlog: how long children wait, how many are overdue, and when that ends."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.components import html, view_state
from dashboards.components.backlog_fan import OVERDUE
from dashboards.components.backlog_forecast import forecast_part
from dashboards.components.backlog_on_time import months_part, years_part
from dashboards.components.backlog_position import is_cleared, january_note, position
from dashboards.components.backlog_stages import stages_part
from dashboards.components.backlog_what_if import what_if_part
from dashboards.components.first_sentence import first_sentence
from dashboards.components.open_cases import open_cases_part
from dashboards.components.signal import signal_panel
from dashboards.queries import cases

PAGE = "timeliness"


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    address = view_state.arrived(PAGE)
    st.title("Timeliness and backlog", anchor=False)
    lead = position(page)
    first_sentence(lead[0], html.paragraphs(*lead[1:]))
    stages_part(page)
    if OVERDUE in page.measures:
        signal_panel(page, OVERDUE, "timeliness-overdue", notes=(january_note(page),))
    st.header("Plans issued on time", anchor=False)
    years_part(page, is_cleared=is_cleared(page))
    chosen = months_part(page, address)
    st.header("When the backlog clears", anchor=False)
    chosen |= forecast_part(page, address)
    if cases.newest(page.key, page.own_la_code) is not None:
        st.header("What would change it", anchor=False)
        chosen |= what_if_part(page, address)
        st.header("Open cases, one by one", anchor=False)
        chosen |= open_cases_part(page, address)
    view_state.write(PAGE, chosen)


render(context.current())
