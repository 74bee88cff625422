"""Statements checked: what the council said in public, and whether the figures bear it out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import context, formats
from dashboards.components import html, view_state
from dashboards.components.chart_panel import download_pair
from dashboards.components.first_sentence import first_sentence
from dashboards.components.statement import statement
from dashboards.queries import register
from dashboards.words.verdicts import MEANINGS, VERDICTS, summary, verdict_words

PAGE = "statements"
HOW = (
    "Each statement is paraphrased. Its verdict is computed from the figures in this release, not "
    "written by hand. Those that can be tested stand first. A statement without a date is judged "
    "as at the newest dated one."
)


def filters(claims: pd.DataFrame) -> pd.DataFrame:
    """The statements of the chosen verdicts; the address says the same."""
    present = [verdict for verdict in VERDICTS if verdict in set(claims["verdict"])]
    address = view_state.arrived(PAGE)
    if address is not None:
        chosen = view_state.several_of(address.get("verdict"), present, len(present))
        view_state.preset("statements_verdict", chosen)
    counts = claims["verdict"].value_counts()
    picked = st.pills(
        "Show only",
        present,
        selection_mode="multi",
        format_func=lambda verdict: f"{verdict_words(verdict)} ({counts[verdict]})",
        key="statements_verdict",
    )
    view_state.write(PAGE, {"verdict": ",".join(picked)})
    return claims[claims["verdict"].isin(picked)] if picked else claims


def meanings() -> None:
    """What each verdict means."""
    with st.expander("What the verdicts mean"):
        terms = "".join(
            f"<dt>{html.escape(VERDICTS[verdict])}</dt><dd>{html.escape(text)}</dd>"
            for verdict, text in MEANINGS.items()
        )
        st.html(f'<dl class="sm-terms">{terms}</dl>')


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    st.title("Statements checked", anchor=False)
    claims = register.claims(page.key)
    if claims.empty:
        st.info("No public statement of this council has been entered in the register yet.")
        return
    first_sentence(f"{summary(claims['verdict'])}.", html.paragraphs(HOW))
    meanings()
    chosen = filters(claims)
    st.html(html.paragraphs(f"{formats.plural(len(chosen), 'statement')} shown."))
    order = chosen["verdict"].map(list(VERDICTS).index)
    for claim in chosen.loc[order.sort_values(kind="stable").index].itertuples():
        statement(page, claim)
    download_pair(
        page,
        register.claims_with_evidence(page.key),
        None,
        "statements",
        "Public statements and their evidence",
    )


render(context.current())
