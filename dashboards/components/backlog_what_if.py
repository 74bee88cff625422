"""What would change the backlog? A reader's own question, simulated while they wait.

Only this part of the page runs again when a slider moves. The draws are those of the release's
forecast, so that a question that changes nothing gets its answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html, view_state
from dashboards.components.backlog_fan import (
    OLDEST_FIRST,
    OVERDUE,
    clearance,
    doubt,
    edition,
    fan_panel,
    fan_weeks,
    order_control,
    restore_order,
)
from dashboards.components.backlog_queue import queue_of
from dashboards.components.chart_panel import chart_panel
from dashboards.context import Context
from dashboards.queries import backlog as held
from dashboards.queries.frozen import records
from dashboards.words import backlog as words
from dashboards.words.backlog import Clearance
from pipelines.analysis import backlog
from pipelines.analysis.queue_weeks import Order

PAGE = "timeliness"
AS_NOW = "as-now"
NONE = (
    "This release does not hold the weeks that its forecast was drawn from as they are counted "
    "now, so no question can be put to it here. Build and publish again."
)
PREFIX = "timeliness_if_"
ORDER = f"{PREFIX}order"
# Name in the address, words, lowest, highest, step, and what changes nothing.
SLIDERS: Mapping[str, tuple[str, int, int, int, int]] = {
    "staff": ("More or fewer cases finished a week, by staff", -20, 40, 1, 0),
    "arrivals": ("New cases, per cent of last year's", 50, 150, 5, 100),
    "hours": ("Psychologists' hours a case, per cent of last year's", 50, 150, 5, 100),
    "triage": ("Cases met in another way, per cent", 0, 50, 1, 0),
    "start": ("Weeks until the changes begin", 0, 52, 1, 0),
}


def what_if_part(page: Context, address: Mapping[str, str] | None) -> dict[str, str]:
    """The sliders and their answer; gives what the address should say of them."""
    answer = _as_now(page)
    queue = queue_of(page.key, page.own_la_code, answer) if answer else None
    if answer is None or queue is None:
        st.html(html.paragraphs(NONE))
        return {}
    if address is not None:
        _restore(address)
    # What stands beside every answer is read before anybody asks: the first does not wait for it.
    for order in words.ORDERS:
        _weeks_in_the_past(page, answer, order)
    _question(page, answer, queue)
    return _in_address()


def changes(asked: Mapping[str, int]) -> tuple[backlog.Change, ...]:
    """What the sliders stand for; nothing for one that changes nothing."""
    start = asked["start"]
    made = []
    if asked["hours"] != 100:
        made.append(backlog.ep_hours("hours a case", 100, asked["hours"], start))
    if asked["staff"]:
        made.append(backlog.staff("staff", asked["staff"], start))
    if asked["arrivals"] != 100:
        made.append(backlog.arrivals("new cases", asked["arrivals"] / 100, start))
    if asked["triage"]:
        made.append(backlog.triage("met in another way", asked["triage"] / 100, start))
    return tuple(made)


def change_words(asked: Mapping[str, int]) -> list[str]:
    """The same in words."""
    said = []
    if asked["staff"]:
        side = "more" if asked["staff"] > 0 else "fewer"
        many = formats.plural(abs(asked["staff"]), f"{side} case", f"{side} cases")
        said.append(f"{many} finished a week")
    if asked["arrivals"] != 100:
        said.append(f"new cases at {asked['arrivals']}% of last year's")
    if asked["hours"] != 100:
        said.append(f"{asked['hours']}% of the psychologists' hours a case")
    if asked["triage"]:
        said.append(f"{asked['triage']}% of new cases met in another way")
    return said


def told_of(made: backlog.Forecast, answer: Mapping[str, Any], queue: backlog.Queue) -> Clearance:
    """The simulation's answer as the words take it, with the goal and date of the forecast."""
    base = clearance(answer)
    dates = [backlog.date_of(base.start, week) for week in made.clear_weeks]
    week = backlog.weeks_until(base.start, base.goal_date) if base.goal_date else 0
    is_within = 1 <= week <= backlog.WEEKS
    arrivals, completions = _settled(queue, made.scenario)
    return replace(
        base,
        title="Your question",
        order=made.order.replace(" ", "_"),
        dates=(dates[0], dates[1], dates[2]),
        never=made.never_share,
        back=made.back_share,
        chance=float(made.goal_share[week - 1]) if is_within else None,
        needed=None,
        arrivals=arrivals,
        completions=completions,
    )


def _settled(queue: backlog.Queue, scenario: backlog.Scenario) -> tuple[float, float]:
    """Cases that join and that leave in a week, once every change is at work."""
    level = {
        "arrivals": float(queue.arrivals.mean()),
        "completions": float(queue.completions.mean()),
    }
    for change in scenario.changes:
        level[change.acts_on] = max(level[change.acts_on] * change.multiply + change.add, 0.0)
    return level["arrivals"], level["completions"]


def _as_now(page: Context) -> dict[str, Any] | None:
    answers = held.forecasts(page.key, page.own_la_code)
    if answers.empty:
        return None
    found = records(answers[answers["scenario"] == AS_NOW])
    return found[0] if found else None


def _restore(address: Mapping[str, str]) -> None:
    for name, (_, low, high, step, nothing) in SLIDERS.items():
        offered = [str(value) for value in range(low, high + 1, step)]
        asked = view_state.one_of(address.get(name), offered, str(nothing))
        view_state.preset(PREFIX + name, int(asked))
    restore_order(ORDER, address.get("if_order"))


def _in_address() -> dict[str, str]:
    """What differs from nothing, as parameters."""
    asked = {name: st.session_state.get(PREFIX + name) for name in SLIDERS}
    kept = {
        name: str(value)
        for name, value in asked.items()
        if value is not None and value != SLIDERS[name][-1]
    }
    order = st.session_state.get(ORDER)
    return kept | ({"if_order": order} if order and order != OLDEST_FIRST else {})


@st.fragment
def _question(page: Context, answer: Mapping[str, Any], queue: backlog.Queue) -> None:
    """Sliders, answer and chart: the part that runs again alone."""
    asked, order = _asked()
    scenario = backlog.Scenario("your question", changes(asked))
    goal, seed = int(answer["goal"]), int(answer["seed"])
    (made,) = backlog.forecast(queue, [scenario], order=order, goal=goal, seed=seed)
    told = told_of(made, answer, queue)
    # The words first: they are there before the chart is drawn.
    said = (
        words.what_if_words(change_words(asked), asked["start"]),
        *words.clearance_sentences(told),
    )
    st.html(html.paragraphs(*said, css="sm-tight"))
    _answer(page, answer, told, made, asked)
    view_state.write_part(PAGE, [*SLIDERS, "if_order"], _in_address())


def _asked() -> tuple[dict[str, int], Order]:
    for name, (_, low, high, step, nothing) in SLIDERS.items():
        view_state.keep_valid(PREFIX + name, range(low, high + 1, step), nothing)
    places = st.columns(2)
    asked = {
        name: int(places[place % 2].slider(words_, low, high, step=step, key=PREFIX + name))
        for place, (name, (words_, low, high, step, _)) in enumerate(SLIDERS.items())
    }
    return asked, cast(Order, order_control(places[1], ORDER).replace("_", " "))


def _answer(
    page: Context,
    answer: Mapping[str, Any],
    told: Clearance,
    made: backlog.Forecast,
    asked: Mapping[str, int],
) -> None:
    weeks = _weeks(made, told)
    panel = fan_panel(
        page,
        told,
        weeks,
        subtitle=f"Overdue cases, {page.area_name(page.own_area)}, your question, "
        f"{words.ORDERS[told.order].lower()}",
        notes=(
            doubt(page, told),
            f"{backlog.RUNS:,} runs, the same number and the same draws as the forecast.",
        ),
        events=[(told.start, "From here")],
        data=weeks.assign(
            **asked, work_order=told.order, source="council", vintage=edition(answer)
        ),
        stem="backlog-what-if",
        beside=_as_in_the_past(page, told, answer) if made.scenario.changes else None,
    )
    chart_panel(page, *panel, page.measures.get(OVERDUE), is_part=True)


def _as_in_the_past(
    page: Context, told: Clearance, answer: Mapping[str, Any]
) -> tuple[str, pd.DataFrame]:
    """The release's own answer for a year like the last, by its name."""
    weeks = _weeks_in_the_past(page, answer, told.order)
    return "As in the past year", fan_weeks(weeks, "overdue")


def _weeks_in_the_past(page: Context, answer: Mapping[str, Any], order: str) -> pd.DataFrame:
    return held.weeks(page.key, page.own_la_code, str(answer["scenario"]), order)


def _weeks(made: backlog.Forecast, told: Clearance) -> pd.DataFrame:
    low, middle, high = made.overdue
    days = [backlog.date_of(told.start, week + 1) for week in range(backlog.WEEKS)]
    return pd.DataFrame({"day": days, "p10": low, "p50": middle, "p90": high})
