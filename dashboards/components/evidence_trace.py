"""Evidence, third part: from a figure to the tables, queries, file and row it rests on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html, view_state
from dashboards.components.footer import SOURCES
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import releases
from dashboards.queries.frozen import Key, records
from dashboards.words import release_evidence as words

PAGE = "evidence"
# So many steps stand open; the others are many tables, and are asked for.
NEAR = 2
NO_FIGURE = "The release holds no yearly figure of this measure for the council."
NO_QUERY = "No query makes this table: it is a file as it landed, or the table of a method."
MEASURE, PERIOD, TABLE = "evidence_measure", "evidence_period", "evidence_table"


def trace(page: Context, evidence: Key) -> None:
    """Choose a measure and a period; see the file and row, the tables read, and their queries."""
    address = view_state.arrived(PAGE)
    measure = _measure(page, address)
    area = _area(page, measure)
    figures = records(releases.traced(page.key, measure.kpi, area))
    period = _period(figures, address)
    _figure(page, measure, area, [row for row in figures if row["period"] == period])
    table = _lineage(evidence, measure, address)
    view_state.write(PAGE, {"measure": measure.kpi, "period": period or "", "table": table})


def _measure(page: Context, address: Mapping[str, str] | None) -> Measure:
    options = list(page.measures)
    if address is not None:
        first = page.home.overview_measures[0] if page.home.overview_measures else options[0]
        default = first if first in options else options[0]
        view_state.preset(MEASURE, view_state.one_of(address.get("measure"), options, default))
    view_state.keep_valid(MEASURE, options, options[0])
    chosen = st.selectbox(
        "Measure", options, format_func=lambda kpi: page.measures[kpi].title, key=MEASURE
    )
    return page.measures[chosen]


def _area(page: Context, measure: Measure) -> str:
    """The council whose rows the release counts; the home council where that has no figure."""
    own = releases.traced(page.key, measure.kpi, page.own_area)
    return page.home.area_code if own.empty else page.own_area


def _period(figures: list[dict[str, object]], address: Mapping[str, str] | None) -> str | None:
    labels = {str(row["period"]): str(row["period_label"]) for row in figures}
    if not labels:
        return None
    options = list(labels)
    if address is not None:
        view_state.preset(PERIOD, view_state.one_of(address.get("period"), options, options[0]))
    view_state.keep_valid(PERIOD, options, options[0])
    chosen: str = st.selectbox("Period", options, format_func=labels.__getitem__, key=PERIOD)
    return chosen


def _figure(page: Context, measure: Measure, area: str, rows: list[dict[str, object]]) -> None:
    """Which file, edition and row the chosen figure was read from."""
    if not rows:
        st.html(html.paragraphs(NO_FIGURE))
        return
    row = rows[0]
    places = measure.places(row["source"])
    shown = formats.number(row["value"], measure.unit, places, row["symbol"])
    source = SOURCES.get(str(row["source"]), str(row["source"]))
    said = words.trace_sentence(row, measure.title, shown, page.area_name(area), source)
    st.html(html.paragraphs(said))
    if row["sha256"]:
        st.html(html.paragraphs(f"SHA-256 of the file: {row['sha256']}", css="sm-note sm-wrap"))


def _lineage(evidence: Key, measure: Measure, address: Mapping[str, str] | None) -> str:
    """The tables that the measure rests on, step by step, and the query of a chosen one."""
    own = f"kpi.{measure.kpi}"
    below = releases.reads(evidence, own)
    near, all_of_it = _steps(below[below["steps"] <= NEAR]), _steps(below)
    st.html(html.table(near, f"What the measure rests on: {own} and the tables below it"))
    if len(all_of_it) > len(near):
        with st.expander(f"All {len(below)} tables below it, step by step"):
            st.html(html.table(all_of_it, "Every table below it", is_caption_shown=False))
    options = [own, *below["table_name"]]
    if address is not None:
        view_state.preset(TABLE, view_state.one_of(address.get("table"), options, own))
    view_state.keep_valid(TABLE, options, own)
    chosen: str = st.selectbox("Query of", options, key=TABLE)
    text = releases.text_of(evidence, chosen)
    if text:
        st.code(text.strip(), language="sql", wrap_lines=True)
    else:
        st.html(html.paragraphs(NO_QUERY))
    return "" if chosen == own else chosen


def _steps(below: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (f"{steps} {'step' if steps == 1 else 'steps'} below", ", ".join(group["table_name"]))
        for steps, group in below.groupby("steps")
    ]
    return pd.DataFrame(rows, columns=["Where", "Tables"])
