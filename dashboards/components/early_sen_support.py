"""Pupils on SEN support beside England, and whose they are where they are not the page's own."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboards.components import html
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import Choice, comparison
from dashboards.context import Context
from dashboards.formats import lower_first
from dashboards.measure import Measure

SEN_SUPPORT = "pupils_sen_support_share"


def sen_support(page: Context) -> None:
    """Pupils on SEN support, who have help in school without a plan, beside England."""
    measure = page.measures.get(SEN_SUPPORT)
    if measure is None:
        return
    choice = choice_of(page, measure)
    made = comparison(page, choice, "early-sen-support")
    if made is None:
        st.header("Pupils on SEN support", anchor=False)
        name = page.area_name(page.own_area)
        st.html(html.paragraphs(f"This release has no figure of it for {name}."))
        return
    figure, panel = made
    chart_panel(page, figure, _named(page, choice, panel), measure)


def _named(page: Context, choice: Choice, panel: Panel) -> Panel:
    """The panel as it is for the page's own council; of another, with whose it is and why."""
    if choice.area == page.own_area:
        return panel
    own, other = page.area_name(page.own_area), page.area_name(choice.area)
    why = f"Shown is {other}: this release has no figure of it for {own}."
    title = f"{other}: {lower_first(panel.title)}"
    return replace(
        panel,
        title=title,
        subtitle=f"{panel.subtitle}. {why}",
        alt=f"{why} {panel.alt.replace(panel.title, title, 1)}",
    )


def choice_of(page: Context, measure: Measure) -> Choice:
    """The council beside England; where the sample county has no figure, the home council."""
    average = page.home.neighbour_average
    own = Choice(measure, page.own_area, (page.england,), average)
    is_held = comparison(page, own, "early-sen-support") is not None
    return own if is_held else replace(own, area=page.home.area_code)
