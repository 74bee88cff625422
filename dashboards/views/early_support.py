"""Early support: is help given early, to how many, and what came after it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards import context
from dashboards.components import html
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import Choice, comparison
from dashboards.components.early_flow import flow_part
from dashboards.components.early_followed import followed, followed_part, shares
from dashboards.components.early_support import (
    THEME,
    kinds,
    promise,
    promise_sentence,
    promises,
)
from dashboards.measure import Measure
from dashboards.words.flow import lead

PAGE = "early_support"
SEN_SUPPORT = "pupils_sen_support_share"
NO_FIGURES = (
    "This release holds no figures about early support. They come from the council's own return, "
    "and none has been taken in yet."
)
HOW = " `send template early_support` writes an empty one to fill in."


def sen_support(page: context.Context) -> None:
    """Pupils on SEN support, who have help in school without a plan, beside England."""
    measure = page.measures.get(SEN_SUPPORT)
    if measure is None:
        return
    made = _beside_england(page, measure, page.own_area)
    if made is None and page.own_area != page.home.area_code:
        made = _beside_england(page, measure, page.home.area_code)
    if made is None:
        st.header("Pupils on SEN support", anchor=False)
        name = page.area_name(page.own_area)
        st.html(html.paragraphs(f"This release has no figure of it for {name}."))
        return
    chart_panel(page, *made, measure)


def _beside_england(page: context.Context, measure: Measure, area: str) -> tuple[Any, Panel] | None:
    average = page.home.neighbour_average
    return comparison(page, Choice(measure, area, (page.england,), average), "early-sen-support")


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Early support", anchor=False)
    if not any(measure.theme == THEME for measure in page.measures.values()):
        st.info(NO_FIGURES + (HOW if page.is_officer else ""))
        sen_support(page)
        return
    made, rows = promises(page), followed(page)
    st.html(
        html.paragraphs(
            lead([promise_sentence(page, row) for row in made], shares(rows)), css="sm-lead"
        )
    )
    for row in made:
        promise(page, row)
    flow_part(page, PAGE)
    followed_part(page, rows)
    kinds(page)
    sen_support(page)


render(context.current())
