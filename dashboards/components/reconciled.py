"""The council's own rows against the DfE's figures: how many agree, and what explains the rest."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.context import Context
from dashboards.queries import record_rules
from dashboards.words import record_rules as words

HEADING = "The council's own rows against the DfE's figures"
NONE = (
    "The DfE has published no figure of this council for a measure and period that its own returns "
    "give too, so there is nothing to hold them against. They meet once both a return and the "
    "DfE's release of the same year have been taken in."
)
HOW = (
    "Small: up to one in a hundred of a count, up to 1 in any other measure. An explanation says "
    "what could have made a difference and is large enough; it does not prove that it did."
)


def reconciled_part(page: Context) -> None:
    """For officers: the figures are exact."""
    st.header(HEADING, anchor=False)
    rows = record_rules.reconciliation(page.key)
    if rows.empty:
        st.html(html.paragraphs(NONE))
        return
    kinds = {
        str(kind): int(count) for kind, count in rows["difference_kind"].value_counts().items()
    }
    st.html(html.paragraphs(words.reconciled(kinds)))
    apart = rows[rows["difference_kind"] != "equal"]
    if apart.empty:
        return
    caption = f"{formats.plural(len(apart), 'figure')} that differ"
    numbers = ("Own rows", "DfE", "Difference")
    st.html(html.table(lines(apart), caption, numbers))
    st.html(html.paragraphs(HOW, css="sm-note"))


def lines(rows: pd.DataFrame) -> pd.DataFrame:
    """One printed line a figure, those that differ by more first."""
    placed = rows.sort_values("difference_kind", kind="stable")
    return pd.DataFrame([_line(row) for row in placed.itertuples()])


def _line(row: Any) -> dict[str, str]:
    sign = "+" if row.difference > 0 else "-" if row.difference < 0 else ""
    return {
        "Measure": row.title,
        "Period": row.period_label,
        "Own rows": formats.number(row.council_value, row.unit, row.decimals),
        "DfE": formats.number(row.published_value, row.unit, row.decimals),
        "Difference": f"{sign}{formats.amount(row.difference, row.unit, row.decimals)}",
        "Size": "Small" if row.difference_kind == "small" else "More than small",
        "What could explain it": row.explanation_text
        if isinstance(row.explanation_text, str)
        else "",
    }
