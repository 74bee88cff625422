"""The fan of the backlog, and what it is drawn from: the answer, its weeks, and the year before.

Shared by the release's forecast and by the reader's own questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.charts.axis import Axis, zero_axis
from dashboards.charts.fan import fan
from dashboards.components import view_state
from dashboards.components.chart_panel import Panel
from dashboards.components.events import events_of
from dashboards.context import Context
from dashboards.queries import backlog
from dashboards.words import backlog as words
from dashboards.words import events as happenings
from dashboards.words.backlog import Clearance
from dashboards.words.titles import alt_text
from pipelines.analysis.scoring import Score, score

OVERDUE = "overdue_cases"
# The order of work in which the release states the chances of milestones, and holds its record.
OLDEST_FIRST = "oldest_first"
# So many weeks are drawn at least, where nine runs in ten reach the goal and where not, and so many
# beyond the last date that is told.
_LEAST_WEEKS, _LEAST_OPEN_WEEKS, _BEYOND = 12, 26, 8
_HISTORY_DAYS = 370


def restore_order(key: str, asked: str | None) -> None:
    """Set the control of the order of work from the address."""
    view_state.preset(key, view_state.one_of(asked, list(words.ORDERS), OLDEST_FIRST))


def order_control(place: st.delta_generator.DeltaGenerator, key: str) -> str:
    """Draw the control of the order of work; the order that is chosen."""
    view_state.keep_valid(key, list(words.ORDERS), OLDEST_FIRST)
    chosen = place.segmented_control(
        "Who is finished first",
        list(words.ORDERS),
        format_func=words.ORDERS.__getitem__,
        required=True,
        key=key,
    )
    return str(chosen or OLDEST_FIRST)


def clearance(answer: Mapping[str, Any]) -> Clearance:
    """One row of queries.backlog.forecasts as the words take it."""
    low, middle, high = (_date(answer[f"clear_date_{share}"]) for share in ("p10", "p50", "p90"))
    return Clearance(
        title=str(answer["scenario_title"]),
        order=str(answer["work_order"]),
        start=_day(answer["queue_date"]),
        overdue=int(answer["overdue_count"]),
        goal=int(answer["goal"]),
        dates=(low, middle, high),
        never=float(answer["never_share"]),
        back=float(answer["back_share"]),
        weeks=int(answer["horizon_weeks"]),
        arrivals=float(answer["arrivals_a_week"]),
        completions=float(answer["completions_a_week"]),
        goal_date=_date(answer["goal_date"]),
        chance=formats.known(answer["chance"]),
        needed=formats.known(answer["needed_capacity"]),
    )


def fan_weeks(weeks: pd.DataFrame, name: str) -> pd.DataFrame:
    """The columns of charts/fan.py for one of the simulated numbers; weeks without it are out."""
    frame = pd.DataFrame(
        {
            "day": [_day(day) for day in weeks["week_end"]],
            **{share: weeks[f"{name}_{share}"].astype(float) for share in ("p10", "p50", "p90")},
        }
    )
    return frame[frame["p50"].notna()].reset_index(drop=True)


def fan_panel(
    page: Context,
    told: Clearance,
    weeks: pd.DataFrame,
    *,
    subtitle: str,
    notes: Sequence[str],
    events: Sequence[tuple[date, str]],
    data: pd.DataFrame,
    stem: str,
    beside: tuple[str, pd.DataFrame] | None = None,
) -> tuple[Any, Panel]:
    """The fan of overdue cases with all that goes with it.

    weeks: as fan_weeks gives them, and so are those of another simulation beside it, with a name.
    notes: sentences under the chart, before the one on its axis.
    """
    drawn, counted = _from_start(weeks, told), _history(page, told)
    other = (beside[0], _from_start(beside[1], told)) if beside else None
    axis = fan_axis(drawn, other[1] if other else None, told.goal)
    past = below(counted, axis)
    days = sorted([*past["day"], *drawn["day"]])
    marked = events_of(page, OVERDUE, page.own_la_code)
    happened = happenings.between(marked, days[0], days[-1])
    figure = fan(
        drawn,
        page.palette,
        unit="count",
        decimals=0,
        axis=axis,
        history=past,
        beside=other,
        level=(f"Goal {told.goal}", float(told.goal)),
        events=[*events, *((event.day, event.label) for event in happened)],
    )
    title, table = words.clearance_title(told), _week_table(weeks)
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, happenings.spoken(happened)),
        notes=(
            *notes,
            words.drawn_words(days[-1], len(drawn) - 1, told.weeks),
            axis.words("count"),
            words.left_out_words(days[0]) if len(past) < len(counted) else "",
            *happenings.notes(happened),
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=data,
        stem=stem,
    )
    return figure, panel


def doubt(page: Context, told: Clearance) -> str:
    """What the record of this order of work says against the range; nothing for a sound one."""
    return words.doubt(scored(past_forecasts(page, told.order)).coverage_pct)


def _history(page: Context, told: Clearance) -> pd.DataFrame:
    """Overdue cases on the days of the past year's returns and extracts, and now: day, value."""
    tested = backlog.tests(page.key, page.own_la_code)
    counted = zip(tested["queue_date"], tested["overdue_count"], strict=True) if len(tested) else ()
    known = {_day(day): float(count) for day, count in counted} | {told.start: float(told.overdue)}
    near = [day for day in sorted(known) if 0 <= (told.start - day).days <= _HISTORY_DAYS]
    return pd.DataFrame({"day": near, "value": [known[day] for day in near]})


def _from_start(frame: pd.DataFrame, told: Clearance) -> pd.DataFrame:
    """The weeks that the fan shows, from the day it starts on; frame: as fan_weeks gives it."""
    now = dict.fromkeys(("p10", "p50", "p90"), float(told.overdue))
    first = pd.DataFrame([{"day": told.start} | now])
    return pd.concat([first, frame.head(drawn_weeks(told))], ignore_index=True)


def past_forecasts(page: Context, order: str) -> pd.DataFrame:
    """What would have been said on earlier days with this order of work, beside what came."""
    tested = backlog.tests(page.key, page.own_la_code)
    own: pd.DataFrame = tested[tested["work_order"] == order] if len(tested) else tested
    return own


def scored(tested: pd.DataFrame) -> Score:
    """The record of past forecasts; tested: as past_forecasts gives them."""
    names = ("overdue_p50", "overdue_p10", "overdue_p90", "overdue_count", "actual_count")
    return score(*(tested[name].to_numpy(float) if len(tested) else [] for name in names))


def fan_axis(drawn: pd.DataFrame, beside: pd.DataFrame | None, goal: float) -> Axis:
    """From zero to the largest number of the fan, of the other's middle, or the goal.

    What was observed does not widen it: a queue that has shrunk would press the fan flat.
    """
    other = [] if beside is None else [float(beside["p50"].max())]
    return zero_axis([float(drawn["p90"].max()), *other, goal])


def below(past: pd.DataFrame, axis: Axis) -> pd.DataFrame:
    """What was observed since the last count above the axis; past: day, value, in order."""
    above = past.index[past["value"] > axis.high]
    kept: pd.DataFrame = past.loc[above[-1] + 1 :] if len(above) else past
    return kept


def drawn_weeks(told: Clearance) -> int:
    """How many weeks the fan shows: some beyond the day when nine runs in ten reach the goal.

    Where they do not in the weeks simulated, some beyond the last date told, the plan's among them.
    """
    is_closed = told.is_there or told.dates[-1] is not None
    ends = [*told.dates, *([] if is_closed else [told.goal_date])]
    last = max(((day - told.start).days // 7 for day in ends if day is not None), default=0)
    least = _LEAST_WEEKS if is_closed else _LEAST_OPEN_WEEKS
    return min(max(last + _BEYOND, least), told.weeks)


def _week_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Every fourth simulated week as printed texts. frame: as fan_weeks gives it."""
    names = {"p10": "1 run in 10 below", "p50": "Middle", "p90": "9 runs in 10 below"}
    every_fourth = frame.iloc[3::4]
    return pd.DataFrame(
        {
            "Week that ends": [formats.day(day) for day in every_fourth["day"]],
            **{
                words_: [formats.number(value, "count", 0) for value in every_fourth[share]]
                for share, words_ in names.items()
            },
        }
    )


def edition(answer: Mapping[str, Any]) -> str:
    """The month of the return or extract that the forecast starts from."""
    return f"{_day(answer['queue_date']):%Y-%m}"


def _date(cell: Any) -> date | None:
    return None if cell is None or pd.isna(cell) else _day(cell)


def _day(cell: Any) -> date:
    return pd.Timestamp(cell).date()
