"""Placements and inclusion: where children with a plan learn, and what would change it."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.components import html, view_state
from dashboards.components.demand_counts import told
from dashboards.components.demand_forecast import forecast_part
from dashboards.components.district_map import map_part
from dashboards.components.first_sentence import first_sentence
from dashboards.components.placements_places import places_part
from dashboards.components.placements_share import (
    AREAS,
    GAP_CHILDREN,
    SETTINGS,
    SHARE,
    lead,
    rate_chart,
    variants_chart,
)
from dashboards.components.placements_what_if import needed_part, scenarios_part
from dashboards.components.share_mix import share_mix
from dashboards.components.whose import in_address, whose
from dashboards.words.placements import NOT_A_VERDICT

PAGE = "placements"


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Placements and inclusion", anchor=False)
    address = view_state.arrived(PAGE)
    above = st.container()
    council = whose(page, address, PAGE)
    said = lead(page, council)
    with above:
        first_sentence(" ".join(said), html.paragraphs(NOT_A_VERDICT))
    rate_chart(page, council, SHARE)
    variants_chart(page, council)
    # Of a council's own figures the sentences above give the gap; the measure is of published ones.
    if told(page, council, GAP_CHILDREN):
        rate_chart(page, council, GAP_CHILDREN)
    share_mix(page, council, SETTINGS)
    rate_chart(page, council, "new_plans_mainstream_share")
    share_mix(page, council, AREAS)
    places_part(page, council)
    drawn = map_part(page, council, address)
    view_state.write(PAGE, in_address(page, council) | {"map": drawn})
    forecast_part(page, council, SHARE, "Where the share may go", "placements-outlook")
    needed_part(page, council)
    if SHARE in page.measures:
        scenarios_part(page, council, page.measures[SHARE])


render(context.current())
