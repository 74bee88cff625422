"""Plans issued within 20 weeks, counted both ways: by year for all, by month for officers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.lines import comparison_lines
from dashboards.components import html, states, view_state
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import fixed_or_count_axis
from dashboards.components.events import events_of
from dashboards.components.finished import finished
from dashboards.components.signal import signal_panel
from dashboards.components.wide_table import wide_table
from dashboards.context import Context
from dashboards.latest import Latest, latest
from dashboards.measure import Measure
from dashboards.queries import figures, signals
from dashboards.queries.frozen import records
from dashboards.words import backlog as words
from dashboards.words import events as happenings
from dashboards.words.breaks import break_marks, break_notes
from dashboards.words.titles import Point, alt_text, line_title

ALL = "plans_within_20_weeks_share"
WITHOUT = "plans_within_20_weeks_excluding_exceptions_share"
WAYS = {"all": ("All plans", ALL), "without": ("Without exceptions", WITHOUT)}
BOTH_WAYS = (
    "Both leave out cases with mediation or a tribunal, so they count fewer plans than all new "
    "ones. Without exceptions also leaves out the plans for which the law allows longer, so it is "
    "usually higher; authorities differ in what they call an exception."
)
DISPUTES = "mediation or a tribunal"
NONE = "This release holds no figure of plans issued within 20 weeks for {name}."
KEY = "timeliness_rate"


def newest_rate(page: Context) -> Latest | None:
    """The newest year of the rate over all plans, for the council's own area."""
    measure = page.measures.get(ALL)
    if measure is None:
        return None
    return latest(figures.series(page.key, ALL, (page.own_area,)), measure)


def years_part(page: Context, *, is_cleared: bool) -> None:
    """The rate both ways over the years, England beside it, and what clearing old cases does.

    is_cleared: old cases were cleared in the newest year (words.timeliness.cleared).
    """
    made = _years(page, is_cleared)
    if made is None:
        st.html(html.paragraphs(NONE.format(name=page.area_name(page.own_area))))
        return
    chart_panel(page, *made, is_part=True)


@finished
def _years(page: Context, is_cleared: bool) -> tuple[Any, Panel, Measure] | None:
    measure, newest = page.measures.get(ALL), newest_rate(page)
    if measure is None or newest is None:
        return None
    name = page.area_name(page.own_area)
    frame = _frame(page)
    axis = fixed_or_count_axis(page, measure, "All", frame)
    happened = events_of(page, ALL, page.la_code(page.own_area))
    told = happenings.within(happened, list(frame["period"]))
    figure = comparison_lines(
        frame,
        axis,
        page.palette,
        unit=measure.unit,
        decimals=measure.decimals,
        breaks=break_marks(measure.breaks),
        events=happenings.marks(told),
    )
    title = line_title(_point(page, newest, frame))
    subtitle = f"{measure.title}, counted both ways, {name}, latest figure: {newest.period_label}"
    same = frame[frame["period"] == newest.period]
    ends = [
        f"{row['line']} {formats.number(row['value'], measure.unit, row['decimals'])}"
        for row in records(same)
    ]
    names = tuple(dict.fromkeys(frame["line"]))
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, [*ends, *happenings.spoken(told)], newest.period_label),
        notes=(
            _late(newest.numerator, newest.denominator, newest.period_label, is_cleared=is_cleared),
            BOTH_WAYS,
            axis.words(measure.unit),
            *break_notes(measure.breaks, frame["period"].min()),
            *happenings.notes(told),
            states.symbols_line([*frame["symbol"].dropna()]),
        ),
        table=wide_table(frame, measure.unit, measure.decimals),
        numbers=names,
        data=_data(frame, measure.unit),
        stem="timeliness-years",
    )
    return figure, panel, measure


def months_part(page: Context, address: Mapping[str, str] | None) -> dict[str, str]:
    """The same rate by month, either way; gives what the address should say of the choice."""
    if signals.months(page.key, ALL, page.own_area).empty:
        signal_panel(page, ALL, "timeliness-months")
        return {}
    if address is not None:
        view_state.preset(KEY, view_state.one_of(address.get("rate"), list(WAYS), "all"))
    view_state.keep_valid(KEY, list(WAYS), "all")
    chosen = st.segmented_control(
        "Plans counted each month",
        list(WAYS),
        format_func=lambda way: WAYS[way][0],
        required=True,
        key=KEY,
    )
    way = str(chosen or "all")
    kpi = WAYS[way][1]
    leaves_out = "an exception, mediation or a tribunal" if way == "without" else DISPUTES
    signal_panel(page, kpi, "timeliness-months", notes=(_newest_month(page, kpi, leaves_out),))
    return {"rate": "" if way == "all" else way}


def _newest_month(page: Context, kpi: str, leaves_out: str) -> str:
    months = signals.months(page.key, kpi, page.own_area)
    known = months[months["value"].notna()]
    if known.empty:
        return ""
    last = known.iloc[-1]
    period = formats.month(str(last["period"]))
    return _late(last["numerator"], last["denominator"], period, leaves_out=leaves_out)


def _late(
    numerator: float | None,
    denominator: float | None,
    period: str,
    *,
    is_cleared: bool = False,
    leaves_out: str = DISPUTES,
) -> str:
    if not formats.is_number(numerator) or not formats.is_number(denominator):
        return ""
    whole = float(denominator or 0)
    late = whole - float(numerator or 0)
    return words.late_sentence(whole, late, period, is_cleared=is_cleared, leaves_out=leaves_out)


def _frame(page: Context) -> pd.DataFrame:
    """One row a line and year: both ways of the area, and England over all plans."""
    lines = [
        (ALL, page.own_area, "All plans", "focus"),
        (WITHOUT, page.own_area, "Without exceptions", "region"),
        (ALL, page.england, "England, all plans", "england"),
    ]
    frames = [
        page.measures[kpi]
        .placed(figures.series(page.key, kpi, (area,)))
        .assign(line=line, role=role, kpi=kpi)
        for kpi, area, line, role in lines
        if kpi in page.measures
    ]
    return pd.concat([frame for frame in frames if not frame.empty], ignore_index=True)


def _point(page: Context, newest: Latest, frame: pd.DataFrame) -> Point:
    measure = page.measures[ALL]
    england = frame.loc[
        (frame["role"] == "england") & (frame["period"] == newest.period), "value"
    ].dropna()
    return Point(
        short_title="On-time plans",
        unit=measure.unit,
        decimals=newest.decimals,
        period_label=newest.period_label,
        value=newest.value,
        change=newest.change,
        comparator="" if england.empty else "England",
        comparator_value=None if england.empty else float(england.iloc[0]),
        counted=newest.counted(measure.unit, measure.decimals),
    )


def _data(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    whole = frame.assign(breakdown_topic="All", breakdown="All")
    return downloads.figures(whole, ALL, unit).assign(measure=frame["kpi"])
