"""Early support: what the plan promised of it, and the children by kind of support."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.axis import Axis, zero_axis
from dashboards.charts.lines import comparison_lines
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.events import events_of
from dashboards.components.finished import finished
from dashboards.components.wide_table import wide_table
from dashboards.context import Context
from dashboards.formats import lower_first
from dashboards.measure import Measure
from dashboards.queries import figures, plan
from dashboards.queries.frozen import records
from dashboards.theme import Role
from dashboards.words import events as happenings
from dashboards.words import flow as words
from dashboards.words import milestone
from dashboards.words.events import Event
from dashboards.words.plan import when
from dashboards.words.titles import alt_text

THEME = "early_support"
CHILDREN = "early_support_children"
_TOPIC = "Support kind"
_LINE_ROLES: tuple[Role, ...] = ("focus", "region", "neighbours")


def promises(page: Context) -> list[dict[str, Any]]:
    """The plan's milestones about early support whose measure has a figure, in its order."""
    held = plan.milestones(page.key, page.la_code(page.own_area) or page.home.la_code, page.read_on)
    return [row for row in records(held) if _theme(page, row) == THEME]


def _theme(page: Context, row: Mapping[str, Any]) -> str:
    measure = page.measures.get(str(row["kpi"]))
    return measure.theme if measure else ""


def promise_sentence(page: Context, row: Mapping[str, Any]) -> str:
    """What the newest figure is, what was promised, and what it came to."""
    measure = page.measures[str(row["kpi"])]
    part = f" ({row['breakdown']})" if row["breakdown_topic"] != "All" else ""
    newest = milestone.figure(row["newest_value"], row["unit"], row["newest_decimals"])
    held = f"{newest} {when(row)}" if newest else "no figure yet"
    word = milestone.status(row["plan_status"]).word.lower()
    promised = milestone.promise(row)
    return f"{measure.short_title}{part}: {held}; the plan says {lower_first(promised)}: {word}."


def promise(page: Context, row: Mapping[str, Any]) -> None:
    """The figures of one promised measure over the years, with the level that was promised."""
    made = _promise_made(page, row)
    if made is None:
        st.html(html.paragraphs(promise_sentence(page, row)))
        return
    chart_panel(page, *made)


@finished
def _promise_made(page: Context, row: Mapping[str, Any]) -> tuple[Any, Panel, Measure] | None:
    measure = page.measures[str(row["kpi"])]
    area = page.own_area
    held = figures.series(
        page.key, measure.kpi, (area,), str(row["breakdown_topic"]), str(row["breakdown"])
    )
    if held["value"].dropna().empty:
        return None
    part = (
        str(row["breakdown"]) if row["breakdown_topic"] != "All" else page.area_name(page.own_area)
    )
    own = measure.placed(held).assign(line=part, role="focus")
    level = _level(row)
    drawn = [float(value) for value in own["value"].dropna()]
    axis = zero_axis([*drawn, *([level[1]] if level else [])])
    told = _told(page, measure.kpi, own)
    figure = comparison_lines(
        own,
        axis,
        page.palette,
        unit=measure.unit,
        decimals=measure.decimals,
        events=happenings.marks(told),
        level=level,
    )
    return figure, _promise_panel(page, row, own, axis, told), measure


def _told(page: Context, kpi: str, frame: pd.DataFrame) -> tuple[Event, ...]:
    """What happened in the council within the periods drawn."""
    happened = events_of(page, kpi, page.la_code(page.own_area))
    return happenings.within(happened, list(frame["period"]))


def _level(row: Mapping[str, Any]) -> tuple[str, float] | None:
    """The promised level with the day on which it is due."""
    if not formats.is_number(row["level_value"]):
        return None
    return f"Due by {formats.day(row['current_due_date'])}", float(row["level_value"])


def _promise_panel(
    page: Context,
    row: Mapping[str, Any],
    own: pd.DataFrame,
    axis: Axis,
    told: tuple[Event, ...],
) -> Panel:
    measure = page.measures[str(row["kpi"])]
    known = own.dropna(subset=["value"]).iloc[-1]
    word = milestone.status(row["plan_status"]).word.lower()
    title = words.promise_title(
        formats.number(known["value"], measure.unit, int(known["decimals"])),
        str(known["period_label"]),
        milestone.figure(row["level_value"], row["unit"], row["decimals"]),
        word,
    )
    part = f" ({row['breakdown']})" if row["breakdown_topic"] != "All" else ""
    subtitle = f"{measure.title}{part}, {page.area_name(page.own_area)}, {known['period_label']}"
    table = wide_table(own, measure.unit, measure.decimals)
    own_rows = own.assign(breakdown_topic=row["breakdown_topic"], breakdown=row["breakdown"])
    said = f"The plan: {row['milestone_text']}. {milestone.promise(row)}: {word}."
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, happenings.spoken(told)),
        notes=(
            said,
            axis.words(measure.unit),
            *happenings.notes(told),
            states.symbols_line(own["symbol"].dropna()),
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=downloads.figures(own_rows, measure.kpi, measure.unit),
        stem=f"early-{row['milestone']}",
    )


def kinds(page: Context) -> None:
    """How many children had each kind of support, year by year."""
    made = _kinds(page)
    if made is not None:
        chart_panel(page, *made)


@finished
def _kinds(page: Context) -> tuple[Any, Panel, Measure] | None:
    measure = page.measures.get(CHILDREN)
    held = _by_kind(page, measure) if measure else pd.DataFrame()
    if measure is None or held.empty:
        return None
    axis = zero_axis([float(value) for value in held["value"].dropna()])
    told = _told(page, CHILDREN, held)
    figure = comparison_lines(
        held,
        axis,
        page.palette,
        unit=measure.unit,
        decimals=measure.decimals,
        events=happenings.marks(told),
    )
    period = str(held.sort_values("period")["period_label"].iloc[-1])
    newest = held[held["period_label"] == period].dropna(subset=["value"])
    counts = {str(kind): float(count) for kind, count in newest[["line", "value"]].to_numpy()}
    title = words.kinds_title(counts, period)
    subtitle = f"{measure.title}, {page.area_name(page.own_area)}, by kind of support, to {period}"
    table = wide_table(held, measure.unit, measure.decimals)
    ends = [
        f"{row.line} {formats.number(row.value, measure.unit, measure.decimals, row.symbol)}"
        for row in held[held["period"] == held["period"].max()].itertuples()
    ]
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, [*ends, *happenings.spoken(told)], period),
        notes=(
            axis.words(measure.unit),
            " ".join(f"{kind}: {meaning}." for kind, meaning in words.KINDS.items()),
            *happenings.notes(told),
            states.symbols_line(held["symbol"].dropna()),
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=downloads.figures(held, measure.kpi, measure.unit),
        stem="early-kinds",
    )
    return figure, panel, measure


def _by_kind(page: Context, measure: Measure) -> pd.DataFrame:
    """One row a kind and year; empty where no kind has a figure."""
    parts = [
        figures.series(page.key, measure.kpi, (page.own_area,), _TOPIC, kind).assign(
            line=kind, role=role, breakdown_topic=_TOPIC, breakdown=kind
        )
        for kind, role in zip(words.KINDS, _LINE_ROLES, strict=True)
    ]
    held = [part for part in parts if part["value"].notna().any()]
    return pd.concat(held, ignore_index=True) if held else pd.DataFrame()
