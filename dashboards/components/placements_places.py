"""Places for children with SEND: open, funded and planned, beside the plans that may come."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.demand_counts import told
from dashboards.components.demand_forecast import next_range
from dashboards.components.demand_parts import newest_year
from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import future, groups
from dashboards.queries.frozen import records
from dashboards.theme import Role
from dashboards.words.placements import KINDS, STATUSES, month_words, places_against_need
from dashboards.words.placements import places_title as title_of
from dashboards.words.titles import alt_text
from pipelines.registry.council import Council

TOPIC = "Provision kind"
# Each status of a place with its measure and its place in the palette.
STEPS: dict[str, tuple[str, Role]] = {
    "places_delivered": ("Open", "focus"),
    "places_funded": ("Funded", "england"),
    "places_planned": ("Planned", "neighbours"),
}
NONE = "This release holds no return about places of"
OFFICERS = "The months in which places are to open are for officers."


def places_part(page: Context, council: Council) -> None:
    """Places by kind and status, what stands against them, and for officers the months."""
    made = _made(page, council)
    if made is None:
        st.html(html.paragraphs(f"{NONE} {council.name}.", css="sm-note"))
        return
    chart_panel(page, *made)
    need = _need(page, council)
    if need:
        st.html(html.paragraphs(need))
    _months(page, council)


@finished
def _made(page: Context, council: Council) -> tuple[Any, Panel, Measure] | None:
    frame = places_frame(page, council)
    if frame.empty:
        return None
    figure = breakdown_bars(frame, page.palette, unit="count", decimals=0)
    return figure, _panel(page, council, frame), page.measures[str(frame["kpi"].iloc[0])]


def places_frame(page: Context, council: Council) -> pd.DataFrame:
    """One row a kind and status on the newest day; kinds without any place are left out."""
    held = []
    for kpi, (word, role) in STEPS.items():
        if kpi in page.measures:
            rows = newest_year(groups.parts(page.key, kpi, TOPIC, council.area_code))
            held.append(rows.assign(kpi=kpi, line=word, role=role))
    frame = pd.concat(held, ignore_index=True) if held else pd.DataFrame()
    if frame.empty:
        return frame
    frame = frame[frame["period"] == frame["period"].max()]
    empty = frame.groupby("breakdown")["value"].transform(lambda values: (values == 0).all())
    kept: pd.DataFrame = frame[~empty]
    return kept


def _panel(page: Context, council: Council, frame: pd.DataFrame) -> Panel:
    label = str(frame["period_label"].iloc[0])
    counts = {word: _total(page, council, kpi, label) for kpi, (word, _) in STEPS.items()}
    title = title_of(counts)
    subtitle = f"Places for children with SEND by kind, {council.name}, {label}"
    cells = frame.assign(
        cell=[formats.number(row["value"], "count", 0, row["symbol"]) for row in records(frame)]
    )
    wide = cells.pivot(index="breakdown", columns="line", values="cell").fillna("")
    wide = wide[[word for word, _ in STEPS.values() if word in wide.columns]]
    ends = [f"{row.breakdown}, {row.line}: {row.value:,.0f}" for row in frame.itertuples()]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ends, label),
        notes=(
            STATUSES,
            "Bars start at zero. Kinds without any place are left out.",
            states.symbols_line(frame["symbol"].dropna()),
        ),
        table=wide.reset_index(names="Kind of place"),
        numbers=tuple(wide.columns),
        data=downloads.of_measures(frame.assign(line=council.name), "count"),
        stem="placements-places",
    )


def _total(page: Context, council: Council, kpi: str, label: str) -> float | None:
    found = told(page, council, kpi)
    return found.value if found and found.period_label == label else None


def _need(page: Context, council: Council) -> str:
    """Places still to come beside the forecast of plans; empty where one is not held."""
    plans = told(page, council, "plans_maintained")
    coming = [told(page, council, kpi) for kpi in ("places_funded", "places_planned")]
    if plans is None or any(item is None for item in coming):
        return ""
    total = sum(item.value or 0 for item in coming if item)
    then, spread = next_range(page, council, "plans_maintained")
    return places_against_need(total, plans.value, then, spread)


def _months(page: Context, council: Council) -> None:
    """The months in which places opened or are to open, with the plan's action."""
    if not page.is_officer:
        st.html(html.paragraphs(OFFICERS, css="sm-note"))
        return
    rows = records(future.place_pipeline(page.key, council.la_code))
    if not rows:
        return
    table = pd.DataFrame(
        [
            (
                month_words(row["opening_month"]),
                KINDS.get(row["provision_kind"], row["provision_kind"]),
                _phase(row["school_phase"]),
                STEPS[f"places_{row['place_status']}"][0],
                f"{row['place_count']:,}",
                row["plan_action"] or "",
            )
            for row in rows
        ],
        columns=["Opening", "Kind of place", "Phase", "Status", "Places", "Action of the plan"],
    )
    st.subheader("When the places open", anchor=False)
    caption = f"Places by opening month, {council.name}"
    st.html(html.table(table, caption, ("Places",), is_caption_shown=False))


def _phase(code: str | None) -> str:
    return (code or "").replace("_", " ").replace("post 16", "post-16").capitalize()
