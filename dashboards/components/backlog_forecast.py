"""When will the backlog clear? The release's forecast, its record, and what it does not claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html, view_state
from dashboards.components.backlog_fan import (
    OVERDUE,
    clearance,
    doubt,
    drawn_weeks,
    edition,
    fan_panel,
    fan_weeks,
    order_control,
    restore_order,
)
from dashboards.components.backlog_rate import rate_panel, record_panel
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.finished import finished
from dashboards.components.promises import promises
from dashboards.components.signal import holds_own_rows
from dashboards.context import Context
from dashboards.queries import backlog
from dashboards.queries.frozen import records
from dashboards.words import backlog as words
from dashboards.words import milestone
from dashboards.words.backlog import Clearance
from dashboards.words.milestone import percent

FOR_OFFICERS = (
    "The forecast week by week rests on single cases. It is for the council's officers, and so are "
    "the list of overdue cases and the questions of what would change the forecast."
)
NONE = (
    "This release holds no forecast of the backlog: it takes at least half a year of the council's "
    "own returns or extracts."
)
SCENARIO, ORDER = "timeliness_scenario", "timeliness_order"


def forecast_part(page: Context, address: Mapping[str, str] | None) -> dict[str, str]:
    """Choice, fan, scenarios beside each other, the rate that follows, record and limits."""
    answers = backlog.forecasts(page.key, page.own_la_code)
    if answers.empty:
        is_kept_back = holds_own_rows(page) and not page.is_officer
        said = [*_promised(page), FOR_OFFICERS] if is_kept_back else [NONE]
        st.html(html.paragraphs(*said))
        return {}
    chosen = _choose(answers, address)
    answer = records(chosen)[0]
    told = clearance(answer)
    chart_panel(page, *_fan(page, answer, told), page.measures.get(OVERDUE), is_part=True)
    _scenarios(answers)
    rate_panel(page, answer)
    record_panel(page, str(answer["work_order"]))
    st.subheader("What the forecast does not claim", anchor=False)
    st.html(html.paragraphs(*_limits(answer)))
    return {"scenario": str(answer["scenario"]), "order": str(answer["work_order"])}


def _promised(page: Context) -> list[str]:
    """What the plan promises of overdue cases from here on, and the chance of it, for everybody."""
    ahead = [
        row
        for row in records(promises(page, page.own_la_code))
        if row["kpi"] == OVERDUE and row["plan_status"] in ("not_yet_due", "at_risk")
    ]
    return [f"The plan: {milestone.inside(row)}. {milestone.outlook(row)}" for row in ahead]


def _choose(answers: pd.DataFrame, address: Mapping[str, str] | None) -> pd.DataFrame:
    """The scenario and the order of work that are drawn."""
    titles = dict(zip(answers["scenario"], answers["scenario_title"], strict=True))
    being_done = list(answers.loc[answers["is_being_done"].astype(bool), "scenario"])
    first = being_done[0] if being_done else next(iter(titles))
    if address is not None:
        asked = address.get("scenario")
        view_state.preset(SCENARIO, view_state.one_of(asked, list(titles), first))
        restore_order(ORDER, address.get("order"))
    view_state.keep_valid(SCENARIO, list(titles), first)
    left, right = st.columns(2)
    scenario = left.selectbox(
        "What is done", list(titles), format_func=titles.__getitem__, key=SCENARIO
    )
    order = order_control(right, ORDER)
    is_chosen = (answers["scenario"] == scenario) & (answers["work_order"] == order)
    found: pd.DataFrame = answers[is_chosen]
    return found


@finished
def _fan(page: Context, answer: Mapping[str, Any], told: Clearance) -> tuple[Any, Panel]:
    weeks = backlog.weeks(page.key, page.own_la_code, str(answer["scenario"]), told.order)
    drawn = weeks.head(drawn_weeks(told))
    events = [(told.start, "Forecast from here")]
    if told.goal_date is not None:
        events.append((told.goal_date, "Plan's date"))
    return fan_panel(
        page,
        told,
        fan_weeks(weeks, "overdue"),
        subtitle=f"Overdue cases, {page.area_name(page.own_area)}, "
        f"{formats.lower_first(told.title)}, "
        f"{words.ORDERS[told.order].lower()}, from {formats.day(told.start)}",
        notes=(
            *words.clearance_sentences(told),
            doubt(page, told),
            words.ORDER_WORDS[told.order],
            words.band_words(drawn["overdue_p10"], drawn["overdue_p90"]),
        ),
        events=events,
        data=weeks.drop(columns=["la_code"]).assign(source="council", vintage=edition(answer)),
        stem="backlog-fan",
    )


def _scenarios(answers: pd.DataFrame) -> None:
    """Every scenario under both orders, one line each."""
    rows = []
    for answer in records(answers):
        told = clearance(answer)
        first, middle, last = (formats.day(day) if day else "not in time" for day in told.dates)
        there = "at the goal already"
        assumed = " [assumed size]" if answer["is_size_assumed"] else ""
        rows.append(
            {
                "What is done": f"{told.title}{assumed}",
                "Finished first": words.ORDERS[told.order],
                "1 run in 10 by": there if told.is_there else first,
                "Half by": there if told.is_there else middle,
                "9 in 10 by": there if told.is_there else last,
                "Chance on the plan's date": "" if told.chance is None else percent(told.chance),
            }
        )
    weeks = int(answers["horizon_weeks"].iloc[0])
    st.subheader("The same question for each course of action", anchor=False)
    caption = "When the goal is reached, by course of action and order of work"
    st.html(
        html.table(pd.DataFrame(rows), caption, is_caption_shown=False)
        + html.paragraphs(
            f"Not in time: not within {weeks} weeks. Assumed size: nobody has published how much "
            "this action adds; the size is our assumption.",
            css="sm-note",
        )
    )


def _limits(answer: Mapping[str, Any]) -> tuple[str, ...]:
    estimated = (
        "[e] Withdrawals without a date were spread evenly over the weeks of their year."
        if answer["is_estimated"]
        else ""
    )
    drawn = (
        f"{int(answer['run_count']):,} runs, weeks drawn in blocks of four from the "
        f"{int(answer['history_weeks'])} since {formats.day(answer['history_from'])}."
    )
    return (*words.NOT_CLAIMED, estimated, drawn)
