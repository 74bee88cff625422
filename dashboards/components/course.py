"""The course of a measure: its figures, the forecast that fits them, and what the plan promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.charts import outlook as chart
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import outlook
from dashboards.queries.frozen import records
from dashboards.words import events as happenings
from dashboards.words import milestone
from dashboards.words import outlook as words
from dashboards.words.events import Event

HISTORY = ["period", "period_label", "value", "source", "vintage"]


@dataclass(frozen=True)
class Course:
    """One measure of one authority over time, as its chart and its table need it.

    Attributes:
        subject: the measure in few words; name: in full, as the plan calls it.
        topic: the breakdown of which it is a part, All for the whole.
        history: columns HISTORY.
        milestones: rows of queries.plan, by their days.
        events: (period, words) to be marked: breaks, and where the plan began.
        happened: what happened that bears on the measure; of it, `told` is within the chart.
        forecast: columns of charts.outlook.FORECAST; empty where there is none.
        note: what the forecast is worth, or why there is none.
    """

    subject: str
    name: str
    area: str
    unit: str
    decimals: int
    topic: str
    history: pd.DataFrame
    milestones: tuple[dict[str, Any], ...]
    events: tuple[tuple[str, str], ...] = ()
    happened: tuple[Event, ...] = ()
    forecast: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(chart.FORECAST))
    )
    note: str = ""

    @property
    def told(self) -> tuple[Event, ...]:
        """The events within what is drawn: figures, forecast and milestones."""
        end = 4 if self.is_yearly else 7
        promised = [str(row["current_due_date"])[:end] for row in self.milestones]
        drawn = [*self.history["period"], *self.forecast["period"], *promised]
        return happenings.within(self.happened, drawn)

    @property
    def is_yearly(self) -> bool:
        """Whether a figure counts a year, so that the year of a milestone's day decides."""
        return any("-" not in str(period) for period in self.history["period"])


def breaks(measure: Measure | None) -> tuple[tuple[str, str], ...]:
    """The breaks of a measure's series, as a chart marks them."""
    return tuple((at, f"[b] {at[:4]}") for at, _ in measure.breaks) if measure else ()


def with_forecast(page: Context, course: Course, kpi: str, la_code: str) -> Course:
    """The course with the forecast that its next chance rests on, or the first that fits it."""
    queued = [row for row in course.milestones if row["chance_from"] in milestone.QUEUED]
    if queued and not page.is_officer:
        return replace(course, note=words.QUEUE_FOR_OFFICERS)
    if queued:
        return _with_queue(page, course, la_code, queued[0])
    held = records(outlook.forecasts(page.key, kpi, la_code)) if kpi else []
    if course.topic != "All" or not held:
        return replace(course, note=words.forecast_note("", _why_not(course.milestones)))
    named = {row["chance_detail"] for row in course.milestones if row["chance_from"] == "forecast"}
    made = [row for row in held if not row["why_not"]]
    fitting = [row for row in made if row["forecast"] in named] or [
        row for row in made if row["period_kind"] in _kinds(course)
    ]
    if not fitting:
        note = words.forecast_note("", held[0]["why_not"])
        return replace(course, note=f"{note} {words.CHANCE_FOR_OFFICERS}" if named else note)
    chosen = fitting[0]
    values = outlook.forecast_values(page.key, chosen["forecast"])
    started = _started(values, chosen["origin_period"], chosen["origin_value"])
    note = words.forecast_note(chosen["forecast_note"], "")
    if named and chosen["forecast"] not in named:
        note = f"{note} {words.DRAWN_FOR_ALL}"
    return replace(course, forecast=started, note=note)


def _with_queue(page: Context, course: Course, la_code: str, row: Mapping[str, Any]) -> Course:
    """The course with what the simulated queue says, where a milestone's chance rests on that."""
    source = str(row["chance_from"])
    if source == "backlog_rate":
        values = outlook.queue_rate(page.key, la_code, str(row["kpi"]))
    else:
        values = outlook.queue(page.key, la_code, str(row["chance_detail"]))
    if values.empty:
        return course
    known = course.history[course.history["value"].notna()].sort_values("period").iloc[-1]
    ahead = values[values["period"] > str(known["period"])]
    told = values[["scenario_title", "forecast_note"]].iloc[0]
    note = words.queue_note(source, *told)
    return replace(course, forecast=_started(ahead, known["period"], known["value"]), note=note)


def _started(values: pd.DataFrame, period: Any, value: Any) -> pd.DataFrame:
    """A forecast that begins at the newest known figure, so that its band opens from there."""
    ranges = list(chart.FORECAST[1:])
    kept = values[list(chart.FORECAST)]
    if not formats.is_number(value):
        return kept
    first = pd.DataFrame([{"period": period, **dict.fromkeys(ranges, float(value))}])
    return pd.concat([first, kept], ignore_index=True)


def _why_not(rows: Sequence[Mapping[str, Any]]) -> str:
    return next((str(row["why_not"]) for row in rows if row["why_not"]), "")


def _kinds(course: Course) -> tuple[str, ...]:
    """The kinds of period whose forecasts continue the line that is drawn."""
    if course.is_yearly:
        return ("flow", "rolling_year")
    has_months = any(not str(at).endswith("-01") for at in course.history["period"])
    return ("stock", "month") if has_months else ("stock",)
