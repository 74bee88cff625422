"""The panel that looks ahead: a measure's figures, its forecast, and what the plan promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.charts import outlook as chart
from dashboards.charts.axis import Axis, zero_axis
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import fixed_or_count_axis
from dashboards.components.course import HISTORY, Course, breaks, with_forecast
from dashboards.components.events import events_of
from dashboards.components.finished import finished
from dashboards.components.promises import promises
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures
from dashboards.queries.frozen import records
from dashboards.words import events as happenings
from dashboards.words import milestone
from dashboards.words import outlook as words
from dashboards.words.breaks import break_notes
from dashboards.words.titles import alt_text


def outlook_panel(page: Context, measure: Measure, stem: str, *, la_code: str = "") -> None:
    """Yearly figures of a whole measure with its forecast and the plan's milestones for it.

    la_code: of an authority; where it is left out, of the council whose plan the release holds.
    Nothing is drawn where the authority has no figure.
    """
    made = _whole(page, measure, stem, la_code)
    if made is not None:
        chart_panel(page, *made, is_part=True)


@finished
def _whole(
    page: Context, measure: Measure, stem: str, la_code: str
) -> tuple[Any, Panel, Measure | None] | None:
    whose = la_code or str(page.facts.get("council") or page.home.la_code)
    area = str(page.areas.loc[page.areas["la_code"] == whose, "area_code"].max())
    history = figures.series(page.key, measure.kpi, (area,))
    if not history["value"].notna().any():
        return None
    rows = [
        row
        for row in records(promises(page, whose))
        if row["kpi"] == measure.kpi and row["breakdown_topic"] == "All"
    ]
    course = Course(
        subject=measure.short_title,
        name=measure.title,
        area=page.area_name(area),
        unit=measure.unit,
        decimals=measure.places(history["source"].iloc[-1]),
        topic="All",
        history=history[HISTORY],
        milestones=tuple(sorted(rows, key=lambda row: str(row["current_due_date"]))),
        events=breaks(measure),
        happened=events_of(page, measure.kpi, whose),
    )
    return _drawn(page, with_forecast(page, course, measure.kpi, whose), measure, stem)


def draw(page: Context, course: Course, measure: Measure | None, stem: str) -> None:
    """The chart with all that goes with it."""
    chart_panel(page, *_drawn(page, course, measure, stem), is_part=True)


def _drawn(
    page: Context, course: Course, measure: Measure | None, stem: str
) -> tuple[Any, Panel, Measure | None]:
    marks = _marks(course)
    axis = _axis(page, course, measure, marks)
    figure = chart.outlook(
        course.history,
        course.forecast,
        marks,
        page.palette,
        unit=course.unit,
        decimals=course.decimals,
        axis=axis,
        events=(*course.events, *happenings.marks(course.told)),
    )
    return figure, _panel(course, axis, measure, stem), measure


def _marks(course: Course) -> pd.DataFrame:
    """The milestones as the chart draws them."""
    end = 4 if course.is_yearly else 7
    rows = [
        {
            "period": str(row["current_due_date"])[:end],
            "value": row["level_value"],
            "status": row["plan_status"],
            "words": f"{milestone.promise(row)}: {milestone.status(row['plan_status']).word}",
            "first_period": str(row["original_due_date"])[:end] if row["revision_count"] else "",
            "first_value": row["first_level_value"],
        }
        for row in course.milestones
    ]
    return pd.DataFrame(rows, columns=list(chart.MILESTONES)).astype(
        {"value": float, "first_value": float}
    )


def _axis(page: Context, course: Course, measure: Measure | None, marks: pd.DataFrame) -> Axis:
    """Wide enough for all that is drawn, and otherwise the measure's own."""
    forecast = course.forecast
    drawn = [course.history["value"], forecast["value_p10"], forecast["value_p90"]]
    shown = pd.concat([*drawn, marks["value"], marks["first_value"]]).astype(float)
    if measure is None:
        return zero_axis(list(shown.dropna()))
    return fixed_or_count_axis(page, measure, course.topic, pd.DataFrame({"value": shown}))


def _panel(course: Course, axis: Axis, measure: Measure | None, stem: str) -> Panel:
    ahead = course.forecast.iloc[-1] if not course.forecast.empty else None
    ends = [] if ahead is None else [ahead["period"], ahead["value_p10"], ahead["value_p90"]]
    told = words.title(course.subject, course.unit, course.decimals, course.milestones, ends)
    subtitle = f"{course.name}, {course.area}"
    table = _table(course)
    notes = [axis.words(course.unit), course.note]
    notes += break_notes(measure.breaks if measure else ())
    notes += happenings.notes(course.told)
    statuses = [str(row["plan_status"]) for row in course.milestones]
    is_moved = any(row["revision_count"] for row in course.milestones)
    return Panel(
        title=told,
        subtitle=subtitle,
        alt=alt_text(told, subtitle, _spoken(course)),
        notes=(words.legend(statuses, is_moved=is_moved), *notes),
        table=table,
        numbers=("Figure", "Lower end", "Upper end"),
        data=_data(course),
        stem=stem,
    )


def _spoken(course: Course) -> list[str]:
    """The newest figure, the last of the forecast, every milestone, and what is marked."""
    known = course.history[course.history["value"].notna()].sort_values("period")
    said = [
        f"{row.period_label} {formats.number(row.value, course.unit, course.decimals)}"
        for row in known.tail(1).itertuples()
    ]
    said += [
        f"forecast for {milestone.period_words(str(row.period))} "
        f"{formats.number(row.value_p10, course.unit, course.decimals)} to "
        f"{formats.number(row.value_p90, course.unit, course.decimals)}"
        for row in course.forecast.tail(1).itertuples()
    ]
    said += [
        f"milestone {milestone.inside(row)}, {milestone.status(row['plan_status']).word.lower()}"
        for row in course.milestones
    ]
    return said + happenings.spoken(course.told)


def _table(course: Course) -> pd.DataFrame:
    """Milestones, forecast, figures and events as printed, each block the newest first."""
    rows = [
        ("Milestone", formats.day(row["current_due_date"]), milestone.level(row), "", "")
        for row in reversed(course.milestones)
    ]
    rows += [
        ("Forecast", milestone.period_words(row["period"]), *_range(row, course))
        for row in reversed(records(course.forecast))
        if row["value_p10"] != row["value_p90"]
    ]
    rows += [
        ("Figure", str(row.period_label), _text(row.value, course), "", "")
        for row in course.history.sort_values("period", ascending=False).itertuples()
    ]
    rows += [(f"Event: {event.label}", event.when, "", "", "") for event in reversed(course.told)]
    return pd.DataFrame(rows, columns=["What", "When", "Figure", "Lower end", "Upper end"])


def _range(row: Mapping[str, Any], course: Course) -> tuple[str, str, str]:
    middle, low, high = (
        _text(row[name], course) for name in ("value_p50", "value_p10", "value_p90")
    )
    return middle, low, high


def _text(value: Any, course: Course) -> str:
    return formats.number(value, course.unit, course.decimals)


def _data(course: Course) -> pd.DataFrame:
    """What the CSV holds: one row a figure, a forecast period, a milestone or an event."""
    same = {"measure": course.name, "unit": course.unit, "area": course.area}
    parts = [
        course.history.assign(kind="figure"),
        course.forecast.rename(columns={"value_p50": "value"}).assign(kind="forecast"),
        _marks(course).rename(columns={"status": "milestone_status"}).assign(kind="milestone"),
        pd.DataFrame(happenings.marks(course.told), columns=["period", "event"]).assign(
            kind="event"
        ),
    ]
    held = pd.concat([part for part in parts if not part.empty], ignore_index=True).assign(**same)
    columns = ["measure", "unit", "area", "kind", "period", "value", "value_p10", "value_p90"]
    columns += ["milestone_status", "first_period", "first_value", "source", "vintage", "event"]
    return held.reindex(columns=columns)
