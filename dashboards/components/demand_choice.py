"""What Demand counts and how it is broken down: from the address to widgets and back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboards.components import view_state
from dashboards.components.whose import in_address, whose
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import groups
from pipelines.registry.council import Council

PAGE = "demand"
COUNTS = {
    "plans": "plans_maintained",
    "requests": "requests_received",
    "assessments": "assessments_completed",
    "new": "new_plans",
    "ceased": "ceased_plans",
}
COUNT_WORDS = {
    "plans": "Plans",
    "requests": "Requests",
    "assessments": "Assessments",
    "new": "New plans",
    "ceased": "Plans that ended",
}
# The topics that stand for one question, as the measures name them.
TOPICS = {
    "need": ("Primary need",),
    "age": ("Age", "Age when plan started", "Age when plan ceased"),
    "sex": ("Sex",),
    "ethnicity": ("Ethnicity",),
    "district": ("District",),
    "source": ("Source of request",),
    "reason": ("Reason for ceasing",),
}
TOPIC_WORDS = {
    "need": "Need",
    "age": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "district": "District",
    "source": "Source of the request",
    "reason": "Reason for ending",
}
# Where a count has no such parts itself, a share that has them.
COMPANIONS = {("plans", "need"): "primary_need_share", ("ceased", "reason"): "cease_reason_share"}


@dataclass(frozen=True)
class Parts:
    """A measure that has the parts asked for, and the topic as it names it."""

    measure: Measure
    topic: str


@dataclass(frozen=True)
class Choice:
    """What is counted, for whom, and by what; parts is None where there is nothing to break."""

    council: Council
    measure: Measure
    by: str
    parts: Parts | None


def choose(page: Context) -> Choice | None:
    """Draw the filters; the address says the same afterwards. None where nothing is held."""
    address = view_state.arrived(PAGE)
    council = whose(page, address, PAGE)
    counts = [name for name, kpi in COUNTS.items() if kpi in page.measures]
    if not counts:
        view_state.write(PAGE, in_address(page, council))
        return None
    if address is not None:
        asked = view_state.one_of(address.get("count"), counts, counts[0])
        view_state.preset("demand_count", asked)
        view_state.preset("demand_by", address.get("by"))
    left, right = st.columns(2)
    count = left.selectbox("What is counted", counts, format_func=_count_words, key="demand_count")
    found = held(page, council, count)
    by = _by(right, list(found))
    view_state.write(PAGE, in_address(page, council) | {"count": count, "by": by})
    return Choice(council, page.measures[COUNTS[count]], by, found.get(by))


def held(page: Context, council: Council, count: str) -> dict[str, Parts]:
    """The ways in which one count of a council is broken down in this release, by their ids."""
    found: dict[str, Parts] = {}
    for by, names in TOPICS.items():
        for kpi in (COUNTS[count], COMPANIONS.get((count, by), "")):
            if kpi not in page.measures or by in found:
                continue
            topics = groups.topics(page.key, kpi, council.area_code)
            topic = next((name for name in names if name in topics), None)
            if topic:
                found[by] = Parts(page.measures[kpi], topic)
    return found


def _by(place: st.delta_generator.DeltaGenerator, offered: list[str]) -> str:
    if not offered:
        return ""
    view_state.keep_valid("demand_by", offered, offered[0])
    chosen = place.selectbox("By", offered, format_func=TOPIC_WORDS.__getitem__, key="demand_by")
    return str(chosen)


def _count_words(count: str) -> str:
    return COUNT_WORDS[count]
