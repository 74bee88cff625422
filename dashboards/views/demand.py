"""Demand: how many plans there are, how many are asked for, for whom, and how many may come."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.components import html
from dashboards.components.demand_choice import COUNTS, choose
from dashboards.components.demand_counts import count_chart, decisions_chart, lead
from dashboards.components.demand_forecast import forecast_part
from dashboards.components.demand_growth import growth_part
from dashboards.components.demand_parts import demand_parts
from dashboards.components.first_sentence import first_sentence

CAVEAT = (
    "A rise in plans may come from more children with needs, from more of them being found, or "
    "from help that is missing elsewhere. These figures do not say which."
)


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Demand", anchor=False)
    above = st.container()
    choice = choose(page)
    if choice is None:
        st.info("This release holds no count of plans or requests.")
        return
    said = lead(page, choice.council)
    with above:
        first_sentence(" ".join(said), html.paragraphs(CAVEAT))
    count_chart(page, choice)
    demand_parts(page, choice)
    decisions_chart(page, choice.council)
    growth_part(page, choice.council)
    heading = "How many plans there may be"
    forecast_part(page, choice.council, COUNTS["plans"], heading, "demand-outlook")


render(context.current())
