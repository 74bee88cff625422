"""How fast plans and requests grow beside England, the region and similar authorities."""

from __future__ import annotations

import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.chart_panel import chart_panel
from dashboards.components.comparison import beside_others
from dashboards.context import Context
from pipelines.registry.council import Council

# A growth rate or a rate of people can be held against areas of another size; a count cannot.
RATES = ("plans_growth", "plans_per_1000_aged_0_17", "requests_per_1000_aged_0_17")


def growth_part(page: Context, council: Council) -> None:
    """The rates beside England, the region and the neighbours; a sentence names those missing."""
    missing = [kpi for kpi in RATES if kpi in page.measures and not _rate(page, council, kpi)]
    titles = [formats.lower_first(page.measures[kpi].title) for kpi in missing]
    if titles:
        text = f"This release has no figure for {council.name} of {formats.listed(titles)}."
        st.html(html.paragraphs(text, css="sm-note"))


def _rate(page: Context, council: Council, kpi: str) -> bool:
    """Draw one rate; whether there was a figure to draw."""
    measure = page.measures[kpi]
    made = beside_others(page, council, measure, f"demand-{kpi}")
    if made is None:
        return False
    chart_panel(page, *made, measure)
    return True
