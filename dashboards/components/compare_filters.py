"""The filters of Compare: from the address to widgets to a choice, and back to the address."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboards.components import view_state
from dashboards.components.breakdown import is_list, part_order
from dashboards.components.comparison import Choice, part_words
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.queries import figures

PAGE = "compare"
MOST_OTHERS = 5
AVERAGE_WORDS = {"mean": "Mean", "median": "Median", "none": "Leave out"}


def choose(context: Context) -> Choice:
    """Draw the filters and give what was chosen; the address says the same afterwards."""
    address = view_state.arrived(PAGE)
    if address is not None:
        _restore(context, address)
    measure, area = _subject(context)
    others, average = _comparators(context, area)
    topic, breakdown = _breakdown(context, measure)
    choice = Choice(measure, area, tuple(others), average, topic, breakdown)
    _write(choice)
    return choice


def _restore(context: Context, address: Mapping[str, str]) -> None:
    """Set every widget from the address; what it does not name gets its default."""
    codes = list(context.areas["area_code"])
    first = next(iter(context.measures))
    home = context.home
    default = "mainstream_share" if "mainstream_share" in context.measures else first
    measure = view_state.one_of(address.get("measure"), list(context.measures), default)
    area = view_state.one_of(address.get("area"), codes, _first_area(context, measure))
    given = address.get("areas", context.england)
    average = view_state.one_of(address.get("average"), list(AVERAGE_WORDS), home.neighbour_average)
    topic = context.measures[measure].default_breakdown_topic or "All"
    view_state.preset("compare_measure", measure)
    view_state.preset("compare_area", area)
    view_state.preset("compare_areas", view_state.several_of(given, codes, MOST_OTHERS))
    view_state.preset("compare_average", average)
    view_state.preset("compare_topic", address.get("topic") or topic)
    view_state.preset("compare_breakdown", address.get("breakdown", "All"))


def _first_area(context: Context, kpi: str) -> str:
    """The area of the other pages where it has a figure; the home council otherwise."""
    held = figures.series(context.key, kpi, (context.own_area,)) if kpi else pd.DataFrame()
    is_held = not held.empty and held["value"].notna().any()
    return context.own_area if is_held else context.home.area_code


def _subject(context: Context) -> tuple[Measure, str]:
    left, right = st.columns(2)
    kpi = left.selectbox(
        "Measure",
        list(context.measures),
        format_func=lambda name: context.measures[name].title,
        key="compare_measure",
    )
    codes = list(context.areas["area_code"])
    view_state.keep_valid("compare_area", codes, codes[0])
    area = right.selectbox("Area", codes, format_func=context.area_name, key="compare_area")
    return context.measures[kpi], area


def _comparators(context: Context, area: str) -> tuple[list[str], str]:
    left, right = st.columns(2)
    others = left.multiselect(
        "Compare with",
        list(context.areas["area_code"]),
        format_func=context.area_name,
        max_selections=MOST_OTHERS,
        key="compare_areas",
        help="England, a region or any other authority, five at most.",
    )
    average = right.segmented_control(
        "Average of statistical neighbours",
        list(AVERAGE_WORDS),
        format_func=AVERAGE_WORDS.__getitem__,
        required=True,
        key="compare_average",
    )
    return [code for code in others if code != area], str(average or "none")


def _breakdown(context: Context, measure: Measure) -> tuple[str, str]:
    rows: pd.DataFrame = figures.breakdowns(context.key, measure.kpi)
    counts = {str(name): int(size) for name, size in rows["breakdown_topic"].value_counts().items()}
    topics = topics_of(list(dict.fromkeys(rows["breakdown_topic"])), counts)
    if topics == ["All"]:
        return "All", "All"
    view_state.keep_valid("compare_topic", topics, "All" if "All" in topics else topics[0])
    left, right = st.columns(2)
    topic = left.selectbox(
        "Broken down by",
        topics,
        format_func=lambda name: topic_words(name, counts[name]),
        key="compare_topic",
    )
    if topic == "All":
        return "All", "All"
    parts = list(rows.loc[rows["breakdown_topic"] == topic, "breakdown"])
    parts.sort(key=part_order(str(topic), len(parts)))
    view_state.keep_valid("compare_breakdown", parts, parts[0])
    hint = " (type a few letters to find one)" if is_list(str(topic), len(parts)) else ""
    return topic, right.selectbox(
        f"{topic}{hint}",
        parts,
        key="compare_breakdown",
        format_func=lambda part: part_words(str(topic), part),
    )


def topics_of(topics: list[str], counts: Mapping[str, int]) -> list[str]:
    """The topics in their order, those that are lists last."""
    return sorted(topics, key=lambda topic: is_list(topic, counts[topic]))


def topic_words(topic: str, count: int) -> str:
    """A topic as the filter names it; a list says how long it is."""
    if topic == "All":
        return "Not broken down"
    return f"{topic} ({count:,})" if is_list(topic, count) else topic


def _write(choice: Choice) -> None:
    whole = choice.is_whole
    view_state.write(
        PAGE,
        {
            "measure": choice.measure.kpi,
            "area": choice.area,
            "areas": ",".join(choice.others) or "none",
            "topic": "" if whole else choice.topic,
            "breakdown": "" if whole else choice.breakdown,
            "average": choice.average,
        },
    )
