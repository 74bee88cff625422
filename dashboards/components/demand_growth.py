"""How fast plans and requests grow beside England, the region and similar authorities."""

from __future__ import annotations

import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.chart_panel import chart_panel
from dashboards.components.comparison import beside_others
from dashboards.context import Context
from dashboards.measure import OWN
from dashboards.queries import figures
from dashboards.words import demand as words
from pipelines.registry import measures as registry
from pipelines.registry.council import Council

PLANS = "plans_maintained"
# A growth rate or a rate of people can be held against areas of another size; a count cannot.
RATES = ("plans_growth", "plans_per_1000_aged_0_17", "requests_per_1000_aged_0_17")


def growth_part(page: Context, council: Council) -> None:
    """The rates beside England, the region and the neighbours; a sentence names those missing."""
    missing = [kpi for kpi in RATES if kpi in page.measures and not _rate(page, council, kpi)]
    kept = [kpi for kpi in missing if is_kept_back(page, kpi) and is_counted_here(page, council)]
    said = (
        words.kept_back([_title(page, kpi) for kpi in kept]),
        words.without(council.name, [_title(page, kpi) for kpi in missing if kpi not in kept]),
    )
    if missing:
        st.html(html.paragraphs(*filter(None, said), css="sm-note"))


def is_kept_back(page: Context, kpi: str) -> bool:
    """Whether nothing of the measure that is counted from a council's own rows is public."""
    return not registry.measures(page.settings.project_root / "sql")[kpi].publish


def is_counted_here(page: Context, council: Council) -> bool:
    """Whether this reader is no officer of a council whose plans are counted from its own rows."""
    held = figures.series(page.key, PLANS, (council.area_code,))
    return not page.is_officer and bool((held["source"] == OWN).any())


def _title(page: Context, kpi: str) -> str:
    return formats.lower_first(page.measures[kpi].title)


def _rate(page: Context, council: Council, kpi: str) -> bool:
    """Draw one rate; whether there was a figure to draw."""
    measure = page.measures[kpi]
    made = beside_others(page, council, measure, f"demand-{kpi}")
    if made is None:
        return False
    chart_panel(page, *made, measure)
    return True
