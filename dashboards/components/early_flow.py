"""The steps after early support as a flow with its table, for officers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards.charts.flow import Band, flow_bands
from dashboards.components import html, view_state
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.early_followed import REFERRALS
from dashboards.context import Context
from dashboards.queries import flow
from dashboards.words import flow as words
from dashboards.words.titles import alt_text

HEADING = "What came after early support"
FOR_OFFICERS = (
    "How many children went from early support to a request, an assessment and a plan is for the "
    "council's officers: in numbers as small as some of these a child could be recognised. Anybody "
    "may read below how many had no plan later."
)
NONE = (
    "No referral is old enough yet, or the council has handed in no return about early support: "
    "there is nothing to follow."
)
NOTE = (
    "Each band is as wide as the number of referrals it carries. Counted are referrals of children "
    "without a plan, once so many months have passed; a child referred twice counts twice. A child "
    "who went on to further support stands again at the left, under that support. Requests, "
    "assessments and plans are those of the same months."
)
SOURCE = (
    "The council's own returns about early support and its SEN2 returns, matched child by "
    "child without names. Exact numbers, for officers only."
)
_COLUMNS = (
    tuple(words.KINDS),
    ("further_support", "needs_met", "no_further_step", "request"),
    ("no_assessment", "assessment"),
    ("no_plan", "plan"),
)


def flow_part(page: Context, name: str) -> None:
    """The flow for the chosen number of months, or for whom it is. name: of the page."""
    if not page.is_officer:
        st.header(HEADING, anchor=False)
        st.html(html.paragraphs(FOR_OFFICERS))
        return
    steps = flow.steps(page.key, page.la_code(page.own_area) or page.home.la_code)
    held = [months for months in words.MONTHS if (steps["months_after"] == months).any()]
    if not held:
        st.header(HEADING, anchor=False)
        st.info(NONE)
        return
    months = _chosen(name, held)
    rows = steps[steps["months_after"] == months]
    bands = bands_of(rows)
    figure = flow_bands(_COLUMNS, bands, page.palette, {**words.STEPS})
    panel = flow_panel(page, rows, bands, months)
    chart_panel(page, figure, panel, page.measures.get(REFERRALS))


def bands_of(rows: pd.DataFrame) -> list[Band]:
    """The steps of one span of months as bands, counted in referrals.

    What follows as further support ends there: its own referral begins a band of its own, and a
    way round in a circle could not be drawn.
    """
    ends = [
        "further_support" if row.from_stage in words.KINDS and row.to_stage in words.KINDS
        else str(row.to_stage)
        for row in rows.itertuples()
    ]  # fmt: skip
    summed = (
        rows.assign(end=ends).groupby(["from_stage", "end"], sort=False)["referral_count"].sum()
    )
    rows_of = summed.reset_index().itertuples(index=False, name=None)
    return [Band(str(start), str(end), int(count)) for start, end, count in rows_of]


def _chosen(name: str, held: list[int]) -> int:
    options = [str(months) for months in held]
    address = view_state.arrived(name)
    if address is not None:
        default = "12" if "12" in options else options[0]
        chosen = view_state.one_of(address.get("months"), options, default)
        view_state.preset("early_months", chosen)
    picked = st.segmented_control(
        "Months after the referral", options, required=True, key="early_months"
    )
    view_state.write(name, {"months": str(picked or options[0])})
    return int(picked or options[0])


def counts_of(bands: list[Band]) -> tuple[dict[str, int], int]:
    """Referrals by the step they came to, and all of them."""
    counts = {name: sum(band.count for band in bands if band.end == name) for name in words.STEPS}
    return counts, sum(band.count for band in bands if band.start in words.KINDS)


def flow_panel(page: Context, rows: pd.DataFrame, bands: list[Band], months: int) -> Panel:
    """The words and rows of the flow. rows: of one span of months, as queries.flow.steps."""
    counts, referrals = counts_of(bands)
    title = words.flow_title(counts["plan"], referrals, months)
    subtitle = (
        f"What came after early support within {months} months, {page.area_name(page.own_area)}"
    )
    said = words.flow_sentences(counts, referrals, months)
    kinds = [f"{kind}: {meaning}." for kind, meaning in words.KINDS.items()]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=" ".join([alt_text(title, subtitle, []), *said]),
        notes=(" ".join(said), NOTE, words.CAVEAT, " ".join(kinds)),
        table=_table(rows),
        numbers=("Children", "Referrals"),
        data=rows,
        stem="early-flow",
        source=SOURCE,
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """The steps in the order of the way to a plan."""
    order = {name: place for place, name in enumerate([*words.KINDS, *words.STEPS])}
    placed = rows.assign(
        first=rows["from_stage"].map(order), last=rows["to_stage"].map(order)
    ).sort_values(["first", "last"], kind="stable")
    return pd.DataFrame(
        [
            {
                "From": words.stage(str(row.from_stage)),
                "To": words.stage(str(row.to_stage)),
                "Children": f"{row.child_count:,}",
                "Referrals": f"{row.referral_count:,}",
            }
            for row in placed.itertuples()
        ],
        columns=["From", "To", "Children", "Referrals"],
    )
