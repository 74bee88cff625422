"""The council's districts on a map of equal tiles, or on boundaries that it supplies itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.shades import steps
from dashboards.charts.tiles import SHARES, Ring, district_map, flat_shapes, tile_shapes
from dashboards.components import html, states, view_state
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.demand_parts import DISTRICTS, newest_year, years_table
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import groups
from dashboards.queries.frozen import records
from dashboards.words.placements import class_words, district_title
from dashboards.words.titles import alt_text
from pipelines.registry.council import Council
from pipelines.registry.districts import Tiles, boundaries, tiles

TOPIC = "District"
MEASURES = ("mainstream_share", "special_share", "out_of_area_share", "plans_maintained")
EQUAL = (
    "Each tile is one district, whatever its size; they lie roughly as the districts do. "
    "Where children live, not where their school stands."
)
OUTLINES = "The boundaries are the council's own file. Where children live, not where they learn."
NO_LAYOUT = (
    "How the districts lie to each other is not known: the council's folder has no layout. Demand "
    "lists their figures."
)


def map_part(page: Context, council: Council, address: Mapping[str, str] | None) -> str:
    """The map of one measure, chosen here; its id, for the address. Empty where none is drawn.

    address: of a link just followed, whose parameter map names the measure.
    """
    held = [
        kpi
        for kpi in MEASURES
        if kpi in page.measures and TOPIC in groups.topics(page.key, kpi, council.area_code)
    ]
    if not held:
        own = council.area_code == page.own_area and not page.is_officer
        text = DISTRICTS if own else f"This release has no figure by district of {council.name}."
        st.html(html.paragraphs(text, css="sm-note"))
        return ""
    layout = tiles(_folder(page, council))
    if layout is None:
        st.html(html.paragraphs(NO_LAYOUT, css="sm-note"))
        return ""
    kpi = _choose(page, held, address)
    _map(page, council, page.measures[kpi], layout)
    return kpi


def shapes_of(folder: Path, layout: Tiles) -> tuple[dict[str, tuple[Ring, ...]], bool]:
    """What is drawn of each district, and whether it is the council's own boundaries."""
    lands = boundaries(folder, layout)
    if lands:
        return flat_shapes(lands), True
    places = {tile.name: (tile.row, tile.column) for tile in layout.districts}
    return tile_shapes(places), False


def _choose(page: Context, held: list[str], address: Mapping[str, str] | None) -> str:
    if address is not None:
        asked = view_state.one_of(address.get("map"), held, held[0])
        view_state.preset("placements_map", asked)
    view_state.keep_valid("placements_map", held, held[0])
    chosen = st.selectbox(
        "On the district map",
        held,
        format_func=lambda kpi: page.measures[kpi].title,
        key="placements_map",
    )
    return str(chosen)


def _folder(page: Context, council: Council) -> Path:
    return page.settings.council_folder.parent / council.la_code


def _map(page: Context, council: Council, measure: Measure, layout: Tiles) -> None:
    frame = measure.placed(groups.parts(page.key, measure.kpi, TOPIC, council.area_code))
    newest = newest_year(frame)
    if newest.empty:
        st.html(html.paragraphs("Every district's figure is hidden [c].", css="sm-note"))
        return
    names = [tile.name for tile in layout.districts]
    drawn = frame[frame["breakdown"].isin(names)]
    known = [float(value) for value in drawn["value"].dropna()]
    decimals = int(newest["decimals"].min())
    ends = steps(known, len(SHARES), decimals)
    shapes, is_to_scale = shapes_of(_folder(page, council), layout)
    figure = district_map(
        newest,
        shapes,
        ends,
        page.palette,
        unit=measure.unit,
        decimals=decimals,
        is_to_scale=is_to_scale,
    )
    notes = (
        OUTLINES if is_to_scale else EQUAL,
        class_words(ends, measure.unit, decimals),
        _left_out(newest, names),
        states.symbols_line(newest["symbol"].dropna()),
    )
    panel = _panel(council, measure, frame, newest, names, notes)
    chart_panel(page, figure, panel, measure)


def _panel(
    council: Council,
    measure: Measure,
    frame: pd.DataFrame,
    newest: pd.DataFrame,
    names: list[str],
    notes: tuple[str, ...],
) -> Panel:
    period = str(newest["period_label"].iloc[0])
    drawn = newest[newest["breakdown"].isin(names)]
    values = [float(value) for value in drawn["value"].dropna()]
    decimals = int(newest["decimals"].min())
    title = district_title(measure.short_title, values, measure.unit, decimals)
    subtitle = f"{measure.title}, by district, {council.name}, {period}"
    ends = [
        f"{row['breakdown']} "
        f"{formats.number(row['value'], measure.unit, row['decimals'], row['symbol'])}"
        for row in records(drawn)
    ]
    table = years_table(frame, measure, TOPIC)
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ends, period),
        notes=notes,
        table=table,
        numbers=tuple(table.columns[1:]),
        data=downloads.figures(frame.assign(line=council.name), measure.kpi, measure.unit),
        stem="placements-districts",
    )


def _left_out(newest: pd.DataFrame, names: list[str]) -> str:
    """Rows that have no place on the map, such as children whose district is not known."""
    others = [str(name) for name in newest["breakdown"] if name not in names]
    return f"In the table only: {'; '.join(others)}." if others else ""
