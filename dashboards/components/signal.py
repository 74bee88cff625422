"""One measure month by month: is the newest month a change, or what chance does anyway?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import downloads, formats
from dashboards.charts.axis import SHARE_AXIS, Axis, zero_axis
from dashboards.charts.months import control_chart
from dashboards.components import html, states
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.events import events_of
from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.measure import OWN, Measure
from dashboards.queries import figures, plan, signals
from dashboards.queries.frozen import records
from dashboards.words import events as happenings
from dashboards.words import signal as words
from dashboards.words.events import Event
from dashboards.words.signal import Signal
from dashboards.words.titles import alt_text

FOR_OFFICERS = (
    "Monthly figures are for the council's officers: in the small numbers of one month a child "
    "could be recognised."
)
NONE = "This release holds no monthly figures of this measure; they come from extracts in the year."
_LIMITS = ("centre_line", "lower_limit", "upper_limit")
_IN_WORDS = ("Sign", "Event")


def signal_panel(page: Context, kpi: str, stem: str, *, notes: tuple[str, ...] = ()) -> None:
    """The control chart of a measure's months for the council's own rows, with what it says.

    Where the reader's file has no month a sentence says so, and for whom there are some.
    notes: what this page says first under the chart; empty ones are left out.
    """
    made = _made(page, kpi, stem, notes)
    if made is None:
        is_kept_back = holds_own_rows(page) and not page.is_officer
        st.html(html.paragraphs(FOR_OFFICERS if is_kept_back else NONE, css="sm-note"))
        return
    chart_panel(page, *made, is_part=True)


@finished
def _made(
    page: Context, kpi: str, stem: str, notes: tuple[str, ...]
) -> tuple[Any, Panel, Measure] | None:
    measure, found = page.measures.get(kpi), signal_of(page, kpi)
    if measure is None or found is None:
        return None
    measure = replace(measure, decimals=measure.places(OWN))
    points = monthly_points(page, measure)
    level = _judged(page, kpi).get("level_value")
    axis, told = months_axis(points, level, measure.unit), _told(page, kpi, points)
    figure = control_chart(
        points,
        page.palette,
        unit=measure.unit,
        decimals=measure.decimals,
        axis=axis,
        level=level,
        due=due_day(page, kpi),
        events=happenings.marks(told),
    )
    panel = _panel(page, measure, points, found, axis, told, stem)
    return figure, replace(panel, notes=(*notes, *panel.notes)), measure


def holds_own_rows(page: Context) -> bool:
    """Whether the release holds figures of the council's own rows, whoever may read them."""
    return OWN in dict(figures.data_versions(page.key))


def signal_of(page: Context, kpi: str) -> Signal | None:
    """What the council's own months of a measure say; None where there are none."""
    measure = page.measures.get(kpi)
    months = signals.months(page.key, kpi, page.own_area)
    known = months[months["value"].notna()]
    if measure is None or known.empty:
        return None
    last, judged = known.iloc[-1], _judged(page, kpi)

    def text(value: Any) -> str:
        known_value = formats.is_number(value)
        return formats.number(value, measure.unit, measure.places(OWN)) if known_value else ""

    return Signal(
        subject=measure.short_title,
        standing=judged.get("spc_standing") or "too_few_points",
        months=int(judged.get("stretch_point_count") or len(known)),
        latest_label=formats.month(str(last["period"])),
        latest=text(last["value"]),
        average=text(judged.get("centre_line")),
        lower=text(_within(judged.get("lower_limit"), measure.unit)),
        upper=text(_within(judged.get("upper_limit"), measure.unit)),
        variation=judged.get("variation") or "",
        rule=judged.get("spc_rule") or "",
        side=int(last["spc_side"]),
        assurance=judged.get("assurance") or "",
        level=text(judged.get("level_value")),
        is_uneven=bool(judged.get("has_uneven_denominators")),
    )


def monthly_points(page: Context, measure: Measure) -> pd.DataFrame:
    """The months of a measure as the chart draws them: see charts/months.py."""
    months = signals.months(page.key, measure.kpi, page.own_area)
    signs = [
        words.point_sign(rule, int(side), measure.polarity)
        for rule, side in zip(months["spc_rule"], months["spc_side"], strict=True)
    ]
    return months.assign(
        period_label=[formats.month(str(period)) for period in months["period"]],
        sign=signs,
        line=page.area_name(page.own_area),
    )


def _judged(page: Context, kpi: str) -> dict[str, Any]:
    return signals.judged(page.key, kpi, page.own_area) or {}


def due_day(page: Context, kpi: str) -> str:
    """The day of the milestone whose level is drawn; empty where none of the plan's is."""
    la_code = page.la_code(page.own_area)
    if la_code is None:
        return ""
    rows = plan.milestones(page.key, la_code, page.read_on)
    days = rows.loc[rows["milestone"] == _judged(page, kpi).get("milestone"), "current_due_date"]
    return formats.day(days.iloc[0]) if len(days) else ""


def _told(page: Context, kpi: str, points: pd.DataFrame) -> tuple[Event, ...]:
    """The events within the months drawn; what is known by its year alone is in no month."""
    happened = events_of(page, kpi, page.la_code(page.own_area))
    dated = [event for event in happened if event.is_dated]
    return happenings.within(dated, list(points["period"]))


def _within(value: Any, unit: str) -> float | None:
    """A limit as far as the measure can go, as the chart clips it."""
    if not formats.is_number(value):
        return None
    return min(max(float(value), 0.0), 100.0 if unit == "percent" else float(value))


def months_axis(points: pd.DataFrame, level: float | None, unit: str) -> Axis:
    """Of a share, all that it can be; otherwise to the largest month, limit or level of the plan.

    points: value and upper_limit, as monthly_points gives them. A percentage that passes 100 is no
    share, and has the axis of a count.
    """
    drawn = [float(value) for value in points["value"].dropna()]
    limits = [_within(value, unit) for value in points["upper_limit"].dropna().unique()]
    shown = [*drawn, *filter(None, limits), *([level] if level is not None else [])]
    if unit == "percent" and all(SHARE_AXIS.low <= value <= SHARE_AXIS.high for value in shown):
        return SHARE_AXIS
    return zero_axis(shown)


def _panel(
    page: Context,
    measure: Measure,
    points: pd.DataFrame,
    found: Signal,
    axis: Axis,
    told: tuple[Event, ...],
    stem: str,
) -> Panel:
    title = words.title(found)
    ends = list(dict.fromkeys([points["period_label"].iloc[0], points["period_label"].iloc[-1]]))
    subtitle = f"{measure.title}, {page.area_name(page.own_area)}, each month, {' to '.join(ends)}"
    table = _table(points, measure, told)
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, [*words.sentences(found), *happenings.spoken(told)]),
        notes=(*_notes(points, found, axis, measure.unit), *happenings.notes(told)),
        table=table,
        numbers=tuple(name for name in table.columns[1:] if name not in _IN_WORDS),
        data=_data(points, measure),
        stem=stem,
    )


def _notes(points: pd.DataFrame, found: Signal, axis: Axis, unit: str) -> tuple[str, ...]:
    drawn = set(points["sign"])
    key = [text for sign, text in words.KEY.items() if sign in drawn]
    openings = [
        f"From {label}: {reason}"
        for label, reason in zip(points["period_label"], points["opening_reason"], strict=True)
        if isinstance(reason, str) and reason
    ]
    band = "Shaded: the usual range. Dashed: the average." if found.has_limits else ""
    plan = "The line across marked Plan is the level the delivery plan asks for."
    return (
        *words.sentences(found),
        " ".join(filter(None, [band, *key, plan if found.level else ""])),
        axis.words(unit),
        *openings,
        states.symbols_line(points["symbol"].dropna()),
    )


def _table(points: pd.DataFrame, measure: Measure, told: tuple[Event, ...]) -> pd.DataFrame:
    """Newest month first: figure, of how many, average, limits, what it says, what happened."""

    def text(value: Any) -> str:
        inside = _within(value, measure.unit)
        return "" if inside is None else formats.number(inside, measure.unit, measure.decimals)

    rows = [
        {
            "Month": row["period_label"],
            "Figure": formats.number(row["value"], measure.unit, measure.decimals, row["symbol"]),
            "Of how many": formats.parts(row["numerator"], row["denominator"]),
            "Average": text(row["centre_line"]),
            "Lower limit": text(row["lower_limit"]),
            "Upper limit": text(row["upper_limit"]),
            "Sign": words.SHORT.get(row["sign"], ""),
            "Event": "; ".join(
                event.label for event in told if event.happened_on.startswith(row["period"])
            ),
        }
        for row in records(points.iloc[::-1])
    ]
    table = pd.DataFrame(rows)
    return table.loc[:, [name for name in table if name == "Sign" or table[name].ne("").any()]]


def _data(points: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    whole = points.assign(breakdown_topic="All", breakdown="All")
    rows = downloads.figures(whole, measure.kpi, measure.unit)
    return rows.assign(**{name: points[name] for name in (*_LIMITS, "sign")})
