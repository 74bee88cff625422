"""The counts of Demand over the years: the sentences at the top, the line, and what was decided."""

from __future__ import annotations

import streamlit as st

from dashboards.components import html
from dashboards.components.chart_panel import chart_panel
from dashboards.components.comparison import Choice as Compared
from dashboards.components.comparison import comparison
from dashboards.components.demand_choice import COUNTS, Choice
from dashboards.components.share_mix import Mix, share_mix
from dashboards.context import Context
from dashboards.latest import latest
from dashboards.queries import figures
from dashboards.words.demand import Told, demand_lead
from pipelines.registry.council import Council

# Asked for, started, ended, and moved in, which only a council's own returns hold.
FLOWS = (*(COUNTS[name] for name in ("requests", "new", "ceased")), "transfers_in")
# What became of requests: the parts of all requests of a year, in the order of the bar.
DECISIONS = Mix(
    subject="What became of requests for an assessment",
    whole="requests",
    drawn={
        "requests_assessed_share": "Agreed to assess",
        "requests_refused_share": "Refused",
        "requests_withdrawn_share": "Withdrawn",
        "requests_outstanding_share": "Not decided yet",
    },
    listed={},
    stem="demand-decisions",
)


def told(page: Context, council: Council, kpi: str) -> Told | None:
    """The newest figure of one measure of a council; None where the release holds none."""
    measure = page.measures.get(kpi)
    if measure is None:
        return None
    newest = latest(figures.series(page.key, kpi, (council.area_code,)), measure)
    if newest is None or newest.value is None:
        return None
    return Told(newest.value, newest.change, newest.period_label, newest.since, newest.decimals)


def lead(page: Context, council: Council) -> list[str]:
    """The sentences at the top of the page."""
    plans, growth = told(page, council, COUNTS["plans"]), told(page, council, "plans_growth")
    is_same_day = plans and growth and plans.period_label == growth.period_label
    return demand_lead(
        council.name,
        plans,
        growth.value if growth and is_same_day else None,
        *(told(page, council, kpi) for kpi in FLOWS),
    )


def count_chart(page: Context, choice: Choice) -> None:
    """The chosen count over the years, in the council alone: others are of another size."""
    compared = Compared(choice.measure, choice.council.area_code, (), "none")
    made = comparison(page, compared, "demand-count")
    if made is None:
        title = choice.measure.title.lower()
        st.html(html.paragraphs(f"This release has no count of {title} for {choice.council.name}."))
        return
    chart_panel(page, *made, choice.measure)


def decisions_chart(page: Context, council: Council) -> None:
    """What became of the requests of each year, as shares of them."""
    share_mix(page, council, DECISIONS)
