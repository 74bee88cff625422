"""The filters of the delivery plan, by priority and by status, kept in the address."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboards.components import view_state
from dashboards.words.milestone import STATUSES

PAGE = "delivery_plan"
ANY = "any"


@dataclass(frozen=True)
class Filters:
    """What is shown: a priority's id and a status, each ANY for all."""

    priority: str = ANY
    status: str = ANY


def choose(actions: pd.DataFrame, milestones: pd.DataFrame) -> Filters:
    """Draw the two filters and give what was chosen; the address says the same afterwards."""
    titles = dict(zip(actions["plan_priority"], actions["priority_title"], strict=True))
    priorities = [ANY, *titles]
    held = set(milestones["plan_status"])
    statuses = [ANY, *[name for name in STATUSES if name in held]]
    address = view_state.arrived(PAGE)
    if address is not None:
        view_state.preset(
            "plan_priority", view_state.one_of(address.get("priority"), priorities, ANY)
        )
        view_state.preset("plan_status", view_state.one_of(address.get("status"), statuses, ANY))
    view_state.keep_valid("plan_priority", priorities, ANY)
    view_state.keep_valid("plan_status", statuses, ANY)
    left, right = st.columns(2)
    priority = left.selectbox(
        "Priority",
        priorities,
        format_func=lambda name: titles.get(name, "All priorities"),
        key="plan_priority",
    )
    status = right.selectbox(
        "Actions with a milestone that is",
        statuses,
        format_func=lambda name: STATUSES[name].word if name in STATUSES else "Of any status",
        key="plan_status",
    )
    chosen = Filters(str(priority), str(status))
    view_state.write(
        PAGE,
        {
            "priority": "" if chosen.priority == ANY else chosen.priority,
            "status": "" if chosen.status == ANY else chosen.status,
        },
    )
    return chosen


def kept(actions: pd.DataFrame, milestones: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The actions that the filters leave, each with all of its measures."""
    shown = actions
    if filters.priority != ANY:
        shown = shown[shown["plan_priority"] == filters.priority]
    if filters.status != ANY:
        fitting = milestones.loc[milestones["plan_status"] == filters.status, "plan_action"]
        shown = shown[shown["plan_action"].isin(set(fitting))]
    return shown
