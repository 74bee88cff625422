"""What follows from the order of work, the on-time rate, and how good such forecasts were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.charts.axis import SHARE_AXIS
from dashboards.charts.fan import fan
from dashboards.components import html
from dashboards.components.backlog_fan import (
    OLDEST_FIRST,
    edition,
    fan_weeks,
    past_forecasts,
    scored,
)
from dashboards.components.backlog_on_time import WITHOUT
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.finished import finished
from dashboards.context import Context
from dashboards.queries import backlog, plan
from dashboards.queries.frozen import records
from dashboards.words import backlog as words
from dashboards.words.titles import alt_text

# Measures of which the simulated rate is a likeness, with exceptions or without.
ON_TIME = "plans_within_20_weeks"
# A year of periods of four weeks.
_PERIODS = 13
_FOUR_WEEKS = timedelta(weeks=4)
# A chance above it says that a milestone is likelier met than not.
_EVEN = 0.5


def rate_panel(page: Context, answer: Mapping[str, Any]) -> None:
    """The on-time rate that follows from the order of work, beside the other order's."""
    made = _rate(page, answer)
    if made is not None:
        chart_panel(page, *made, page.measures.get(WITHOUT), is_part=True)


@finished
def _rate(page: Context, answer: Mapping[str, Any]) -> tuple[Any, Panel] | None:
    la_code, scenario = page.own_la_code, str(answer["scenario"])
    order = str(answer["work_order"])
    (other,) = (name for name in words.ORDERS if name != order)
    whole, second = (
        fan_weeks(backlog.weeks(page.key, la_code, scenario, name), "on_time_pct")
        for name in (order, other)
    )
    own, beside = whole.head(_PERIODS), second.head(_PERIODS)
    if own.empty:
        return None
    figure = fan(
        own,
        page.palette,
        unit="percent",
        decimals=0,
        axis=SHARE_AXIS,
        beside=(words.ORDERS[other], beside),
    )
    title = words.rate_title(float(own["p50"].iloc[0]), float(own["p50"].iloc[-1]), order)
    subtitle = (
        f"Cases finished within 20 weeks, per cent of those finished in each four weeks, "
        f"{formats.lower_first(str(answer['scenario_title']))}"
    )
    table = _rate_table(own, beside, order, other)
    panel = Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, []),
        notes=(
            words.rate_doubt(
                words.rate_record(rate_record(backlog.chances(page.key, la_code), order)),
                *contradicted(records(plan.milestones(page.key, la_code, page.read_on)), whole),
            ),
            words.LOWERS,
            "Exceptions and disputes are left out, so this compares with the rate without "
            "exceptions.",
            SHARE_AXIS.words("percent"),
        ),
        table=table,
        numbers=tuple(table.columns[1:]),
        data=own.assign(work_order=order, source="council", vintage=edition(answer)),
        stem="backlog-rate",
    )
    return figure, panel


def rate_record(chances: pd.DataFrame, order: str) -> dict[str, Any] | None:
    """The release's record of the rate that is drawn; None where it holds none.

    chances: as queries.backlog.chances. The rate is drawn without exceptions, so the record of
    that measure goes before the one with them.
    """
    own = chances[chances["kpi"].str.startswith(ON_TIME)] if order == OLDEST_FIRST else chances[:0]
    rows = sorted(records(own), key=lambda row: row["kpi"] != WITHOUT)
    return rows[0] if rows else None


def contradicted(
    milestones: Sequence[dict[str, Any]], simulated: pd.DataFrame
) -> tuple[float | None, dict[str, Any] | None]:
    """The simulated rate at the day of the first on-time milestone that it contradicts, and that.

    It contradicts one whose forecast says likelier met than not and lies short of its level, or the
    reverse. The four weeks that end last before its day count. None and None where all agree.

    milestones: as queries.plan gives them; simulated: as fan_weeks gives every four weeks.
    """
    for row in sorted(milestones, key=lambda row: str(row["current_due_date"])):
        if not _is_forecast(row):
            continue
        due = pd.Timestamp(row["current_due_date"]).date()
        middle = _middle(simulated, due)
        if middle is None:
            continue
        above = middle - float(row["level_value"])
        short = above if row["polarity"] == "low_is_good" else -above
        if short * (float(row["chance"]) - _EVEN) > 0:
            return middle, row
    return None, None


def _is_forecast(row: Mapping[str, Any]) -> bool:
    """Whether a milestone is about the whole on-time rate and its own forecast gives a chance."""
    return (
        str(row["kpi"]).startswith(ON_TIME)
        and row["breakdown_topic"] == "All"
        and row["chance_from"] == "forecast"
        and formats.is_number(row["chance"])
        and formats.is_number(row["level_value"])
    )


def _middle(simulated: pd.DataFrame, due: date) -> float | None:
    """The middle of the four weeks that end last on or before a day; None where none is near."""
    near = [
        float(row["p50"])
        for row in records(simulated)
        if timedelta() <= due - row["day"] < _FOUR_WEEKS
    ]
    return near[-1] if near else None


def _rate_table(own: pd.DataFrame, beside: pd.DataFrame, order: str, other: str) -> pd.DataFrame:
    def texts(values: pd.Series) -> list[str]:
        return [formats.number(value, "percent", 0) for value in values]

    middles = dict(zip(beside["day"], texts(beside["p50"]), strict=True))
    return pd.DataFrame(
        {
            "Four weeks to": [formats.day(day) for day in own["day"]],
            f"{words.ORDERS[order]}, middle": texts(own["p50"]),
            "1 run in 10 below": texts(own["p10"]),
            "9 runs in 10 below": texts(own["p90"]),
            f"{words.ORDERS[other]}, middle": [middles.get(day, "") for day in own["day"]],
        }
    )


def record_panel(page: Context, order: str) -> None:
    """How the same forecast did on earlier days, by months ahead."""
    own = past_forecasts(page, order)
    whole = scored(own)
    st.subheader(words.record_title(whole.coverage_pct, whole.count), anchor=False)
    st.html(html.paragraphs(words.record_sentence(whole.coverage_pct, whole.against_naive)))
    if not whole.count:
        return
    rows = []
    for months, part in own.groupby("months_ahead"):
        told = scored(part)
        rows.append(
            {
                "Months ahead": str(months),
                "Forecasts": str(told.count),
                "Range held": formats.number(told.coverage_pct, "percent", 0),
                "Usual miss": formats.number(told.mean_absolute_error, "count", 0),
                "On average": words.miss(told.signed_error),
            }
        )
    caption = "Forecasts of overdue cases made on earlier days, beside what came"
    numbers = ("Forecasts", "Range held", "Usual miss", "On average")
    st.html(html.table(pd.DataFrame(rows), caption, numbers))
