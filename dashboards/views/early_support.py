"""Early support: is help given early, to how many, and what came after it."""

from __future__ import annotations

import streamlit as st

from dashboards import context
from dashboards.components.compare_lead import compare_lead
from dashboards.components.early_flow import flow_part
from dashboards.components.early_followed import followed, followed_part, shares
from dashboards.components.early_sen_support import SEN_SUPPORT, choice_of, sen_support
from dashboards.components.early_support import (
    THEME,
    kinds,
    promise,
    promise_sentence,
    promises,
)
from dashboards.components.first_sentence import first_sentence
from dashboards.words.flow import lead

PAGE = "early_support"
NO_FIGURES = (
    "This release holds no figures about early support. They come from the council's own return, "
    "and none has been taken in yet."
)
NOTHING = "This release holds no figure about children who get help early."
HOW = " `send template early_support` writes an empty one to fill in."


def without_returns(page: context.Context) -> None:
    """The page before the first return of early support: what is published, and what is missing."""
    measure = page.measures.get(SEN_SUPPORT)
    said = compare_lead(page, choice_of(page, measure)) if measure else NOTHING
    first_sentence(said)
    st.info(NO_FIGURES + (HOW if page.is_officer else ""))
    sen_support(page)


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Early support", anchor=False)
    if not any(measure.theme == THEME for measure in page.measures.values()):
        without_returns(page)
        return
    made, rows = promises(page), followed(page)
    first_sentence(lead([promise_sentence(page, row) for row in made], shares(rows)))
    for row in made:
        promise(page, row)
    flow_part(page, PAGE)
    followed_part(page, rows)
    kinds(page)
    sen_support(page)


render(context.current())
