"""What every fan of the backlog is drawn from: the answer, its weeks, and the year before.

Shared by the release's forecast and by the reader's own questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.charts.axis import Axis, zero_axis
from dashboards.context import Context
from dashboards.queries import backlog
from dashboards.words.backlog import Clearance
from pipelines.analysis.scoring import Score, score

OVERDUE = "overdue_cases"
# So many weeks are drawn at least, and so many beyond the last date that is told.
_LEAST_WEEKS, _BEYOND = 26, 8
_HISTORY_DAYS = 370


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
        chance=_number(answer["chance"]),
        needed=_number(answer["needed_capacity"]),
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


def history(page: Context, told: Clearance) -> pd.DataFrame:
    """Overdue cases on the days of the past year's returns and extracts, and now: day, value."""
    tested = backlog.tests(page.key, str(page.facts["council"]))
    counted = zip(tested["queue_date"], tested["overdue_count"], strict=True) if len(tested) else ()
    known = {_day(day): float(count) for day, count in counted} | {told.start: float(told.overdue)}
    near = [day for day in sorted(known) if 0 <= (told.start - day).days <= _HISTORY_DAYS]
    return pd.DataFrame({"day": near, "value": [known[day] for day in near]})


def from_start(frame: pd.DataFrame, told: Clearance) -> pd.DataFrame:
    """The weeks that the fan shows, from the day it starts on; frame: as fan_weeks gives it."""
    now = dict.fromkeys(("p10", "p50", "p90"), float(told.overdue))
    first = pd.DataFrame([{"day": told.start} | now])
    return pd.concat([first, frame.head(drawn_weeks(told))], ignore_index=True)


def past_forecasts(page: Context, order: str) -> pd.DataFrame:
    """What would have been said on earlier days with this order of work, beside what came."""
    tested = backlog.tests(page.key, str(page.facts["council"]))
    own: pd.DataFrame = tested[tested["work_order"] == order] if len(tested) else tested
    return own


def scored(tested: pd.DataFrame) -> Score:
    """The record of past forecasts; tested: as past_forecasts gives them."""
    names = ("overdue_p50", "overdue_p10", "overdue_p90", "overdue_count", "actual_count")
    return score(*(tested[name].to_numpy(float) if len(tested) else [] for name in names))


def axis_of(frames: list[pd.DataFrame], past: pd.DataFrame, goal: float) -> Axis:
    """From zero to the largest number drawn."""
    most = [float(frame["p90"].max()) for frame in frames if len(frame)]
    return zero_axis([*most, *past["value"].astype(float), goal])


def drawn_weeks(told: Clearance) -> int:
    """How many weeks the fan shows: beyond the last date told, and half a year at least."""
    ends = [day for day in (*told.dates, told.goal_date) if day is not None]
    last = max(((day - told.start).days // 7 for day in ends), default=0)
    return min(max(last + _BEYOND, _LEAST_WEEKS), told.weeks)


def week_table(frame: pd.DataFrame) -> pd.DataFrame:
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


def _number(cell: Any) -> float | None:
    return float(cell) if formats.is_number(cell) else None
