"""Shares of one whole over the years, as bars: the frame, the words and the table beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.stack import share_bars
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.finished import finished
from dashboards.components.wide_table import wide_table
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.queries.frozen import records
from dashboards.words.breaks import break_notes
from dashboards.words.placements import mix_title
from dashboards.words.titles import alt_text
from pipelines.registry.council import Council

ROUNDED = (
    "Each figure is rounded by itself, so that a bar may end a little before or after 100%. A part "
    "too narrow for its figure has it in the table."
)


@dataclass(frozen=True)
class Mix:
    """What a whole is made of.

    Attributes:
        subject: of the subtitle. whole: what the shares are of, in the plural.
        drawn: kpi -> the part's name, four at most, in the order of the bar.
        listed: further parts that stand in the table only.
        since: the first year shown, such as 2019; empty for all.
    """

    subject: str
    whole: str
    drawn: Mapping[str, str]
    listed: Mapping[str, str]
    stem: str
    since: str = ""


def share_mix(page: Context, council: Council, mix: Mix) -> None:
    """The shares of every year that has one of them, or a sentence where none is held."""
    made = _made(page, council, mix)
    if made is None:
        text = f"This release has none of these shares for {council.name}: {mix.subject}."
        st.html(html.paragraphs(text, css="sm-note"))
        return
    chart_panel(page, *made)


@finished
def _made(page: Context, council: Council, mix: Mix) -> tuple[Any, Panel, Measure] | None:
    frame = mix_frame(page, council, mix)
    if frame.empty:
        return None
    decimals = max(page.measures[kpi].decimals for kpi in frame["kpi"].unique())
    shown = frame[frame["kpi"].isin(list(mix.drawn))]
    figure = share_bars(shown, page.palette, decimals=decimals)
    measure = page.measures[str(frame["kpi"].iloc[0])]
    breaks = [
        pair for kpi in mix.drawn if kpi in page.measures for pair in page.measures[kpi].breaks
    ]
    return figure, _panel(council, mix, frame, decimals, dict(breaks)), measure


def mix_frame(page: Context, council: Council, mix: Mix) -> pd.DataFrame:
    """One row a part and year, years from the oldest; empty where no year has two of the parts.

    A year with one part alone would show it as if it were the whole.
    """
    held = [
        page.measures[kpi]
        .placed(figures.series(page.key, kpi, (council.area_code,)))
        .assign(line=words, kpi=kpi)
        for kpi, words in {**mix.drawn, **mix.listed}.items()
        if kpi in page.measures
    ]
    if not held:
        return pd.DataFrame()
    frame = pd.concat(held, ignore_index=True)
    known = frame[frame["value"].notna() & frame["kpi"].isin(list(mix.drawn))]
    counts = known.groupby("period")["kpi"].nunique()
    years = frame[frame["period"].isin(counts.index[counts > 1]) & (frame["period"] >= mix.since)]
    order = {kpi: place for place, kpi in enumerate([*mix.drawn, *mix.listed])}
    return years.assign(order=years["kpi"].map(order)).sort_values(["period", "order"])


def _panel(
    council: Council, mix: Mix, frame: pd.DataFrame, decimals: int, breaks: Mapping[str, str]
) -> Panel:
    last = frame[frame["period"] == frame["period"].max()]
    labels = list(dict.fromkeys(frame["period_label"]))
    shares = {row["line"]: row["value"] for row in records(last)}
    title = mix_title(shares, mix.whole, labels[-1], int(last["decimals"].min()))
    span = " to ".join(dict.fromkeys([labels[0], labels[-1]]))
    subtitle = f"{mix.subject}, {council.name}, {span}"
    table = wide_table(frame, "percent", decimals)
    ends = [
        f"{row.line} {formats.number(row.value, 'percent', row.decimals, row.symbol)}"
        for row in last.itertuples()
    ]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ends, labels[-1]),
        notes=(
            ROUNDED,
            _in_table(mix, frame),
            *break_notes(sorted(breaks.items()), frame["period"].min()),
            *states.symbols_of(frame),
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=downloads.of_measures(
            frame.assign(breakdown_topic="All", breakdown="All", line=council.name), "percent"
        ),
        stem=mix.stem,
    )


def _in_table(mix: Mix, frame: pd.DataFrame) -> str:
    """Which parts the bars leave out."""
    held = set(frame["line"])
    names = [formats.lower_first(name) for name in mix.listed.values() if name in held]
    return f"In the table only: {'; '.join(names)}." if names else ""
