"""The parts of a count beside each other: bars of the newest year, a table of all years."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.bars import breakdown_bars
from dashboards.components import html, states
from dashboards.components.breakdown import ORDER, SMALL
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.demand_choice import TOPIC_WORDS, Choice, Parts
from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures, groups
from dashboards.queries.frozen import records
from dashboards.words.demand import hidden_words, parts_title
from dashboards.words.titles import alt_text

DISTRICTS = (
    "Figures by district come from the council's own returns and are for its officers: in so small "
    "an area a child could be recognised."
)


def demand_parts(page: Context, choice: Choice) -> None:
    """The chosen topic for the chosen council, or why there is nothing to show."""
    if choice.parts is None:
        text = f"This release does not break down {choice.measure.title.lower()}."
        st.html(html.paragraphs(text))
    else:
        parts_chart(page, choice, choice.parts)
    if not page.is_officer and choice.council.area_code == page.own_area:
        st.html(html.paragraphs(DISTRICTS, css="sm-note"))


def parts_chart(page: Context, choice: Choice, parts: Parts) -> None:
    """One topic: the newest year as bars, all years in the table and the file."""
    made = _made(page, choice, parts)
    if made is None:
        text = f"Every figure of {parts.measure.title.lower()} by this topic is hidden [c]."
        st.html(html.paragraphs(text))
        return
    chart_panel(page, *made)


@finished
def _made(page: Context, choice: Choice, parts: Parts) -> tuple[Any, Panel, Measure] | None:
    area, measure = choice.council.area_code, parts.measure
    frame = measure.placed(groups.parts(page.key, measure.kpi, parts.topic, area))
    newest = newest_year(frame)
    if newest.empty:
        return None
    drawn = _beside(page, parts, newest, choice)
    figure = breakdown_bars(drawn, page.palette, unit=measure.unit, decimals=measure.decimals)
    return figure, _panel(choice, parts, frame, newest, drawn), measure


def newest_year(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest period in which any part has a figure, in a reader's order."""
    known = frame[frame["value"].notna()]
    if known.empty:
        return known
    rows: pd.DataFrame = frame[frame["period"] == known["period"].max()]
    order = rows["breakdown"].map(formats.natural_order)
    return rows.assign(order=order).sort_values("order", kind="stable")


def _beside(page: Context, parts: Parts, newest: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The rows drawn: the council's and, of a share, England's of the same period."""
    own = newest.assign(line=choice.council.name, role="focus")
    if parts.measure.unit == "count":
        return own
    period = str(newest["period"].iloc[0])
    other = figures.slice_by_topic(
        page.key, parts.measure.kpi, parts.topic, period, (page.england,)
    )
    other = other[other["breakdown"].isin(own["breakdown"])]
    if other.empty:
        return own
    beside = parts.measure.placed(other).assign(line="England", role="england")
    return pd.concat([own, beside], ignore_index=True)


def _panel(
    choice: Choice, parts: Parts, frame: pd.DataFrame, newest: pd.DataFrame, drawn: pd.DataFrame
) -> Panel:
    measure = parts.measure
    period = str(newest["period_label"].iloc[0])
    top = newest[newest["value"] == newest["value"].max()]
    value = formats.number(top["value"].iloc[0], measure.unit, int(top["decimals"].iloc[0]))
    topic = TOPIC_WORDS[choice.by]
    title = parts_title(measure.short_title, topic, list(top["breakdown"]), value, period)
    is_named = parts.topic.lower() in measure.title.lower()
    by = "" if is_named else f", by {topic.lower()}"
    subtitle = f"{measure.title}{by}, {choice.council.name}, {period}"
    table = years_table(frame, measure, parts.topic)
    ends = [
        f"{row['breakdown']} "
        f"{formats.number(row['value'], measure.unit, row['decimals'], row['symbol'])}"
        for row in records(newest)
    ]
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, ends),
        notes=_notes(newest, drawn),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=downloads.figures(frame.assign(line=choice.council.name), measure.kpi, measure.unit),
        stem=f"demand-{choice.by}",
    )


def years_table(frame: pd.DataFrame, measure: Measure, topic: str) -> pd.DataFrame:
    """One row a part, one column a period, the newest first; symbols where there is no figure."""
    rows = frame.assign(
        cell=[
            formats.number(
                row.value, measure.unit, formats.places(row, measure.decimals), row.symbol
            )
            for row in frame.itertuples()
        ]
    )
    labels = rows.drop_duplicates("period").sort_values("period", ascending=False)
    wide = rows.pivot_table(
        index="breakdown", columns="period", values="cell", aggfunc="first", sort=False
    )
    names = sorted(wide.index, key=formats.natural_order)
    table = wide.loc[names, list(labels["period"])].fillna("")
    table.columns = pd.Index(list(labels["period_label"]))
    return table.reset_index(names=topic)


def _notes(newest: pd.DataFrame, drawn: pd.DataFrame) -> tuple[str, ...]:
    hidden = int((newest["symbol"] == "c").sum())
    is_any_small = drawn["denominator"].map(formats.is_small).any()
    return (
        ORDER,
        hidden_words(hidden, len(newest)),
        SMALL if is_any_small else "",
        states.symbols_line(newest["symbol"].dropna()),
    )
