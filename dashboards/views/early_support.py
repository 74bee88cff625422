"""Early support: is help given early, to how many, and what came after it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboards import context
from dashboards.components import html
from dashboards.components.chart_panel import chart_panel
from dashboards.components.compare_lead import compare_lead
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
NOTHING = "This release holds no figure about children who get help early."
HOW = " `send template early_support` writes an empty one to fill in."


def sen_support(page: context.Context) -> None:
    """Pupils on SEN support, who have help in school without a plan, beside England."""
    measure = page.measures.get(SEN_SUPPORT)
    if measure is None:
        return
    choice = _choice(page, measure)
    made = comparison(page, choice, "early-sen-support")
    if made is None:
        st.header("Pupils on SEN support", anchor=False)
        name = page.area_name(page.own_area)
        st.html(html.paragraphs(f"This release has no figure of it for {name}."))
        return
    chart_panel(page, *made, measure)


def _choice(page: context.Context, measure: Measure) -> Choice:
    """The council beside England; where the sample county has no figure, the home council."""
    average = page.home.neighbour_average
    own = Choice(measure, page.own_area, (page.england,), average)
    is_held = comparison(page, own, "early-sen-support") is not None
    return own if is_held else replace(own, area=page.home.area_code)


def without_returns(page: context.Context) -> None:
    """The page before the first return of early support: what is published, and what is missing."""
    measure = page.measures.get(SEN_SUPPORT)
    said = compare_lead(page, _choice(page, measure)) if measure else NOTHING
    st.html(html.paragraphs(said, css="sm-lead"))
    st.info(NO_FIGURES + (HOW if page.is_officer else ""))
    sen_support(page)


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Early support", anchor=False)
    if not any(measure.theme == THEME for measure in page.measures.values()):
        without_returns(page)
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
