"""What the rules for published figures found in each edition: for auditors, from the evidence."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards.components import html
from dashboards.queries import quality
from dashboards.queries.frozen import Key

HEADING = "What each rule found in each edition"
NONE = "The rules for published figures found nothing in any edition."
OTHERS = (
    "How often the rules for the council's own returns spoke stands further up; the rows of which "
    "they spoke, without names, are for its officers."
)
_DECLARED = " (declared)"


def published_rules_part(evidence: Key) -> None:
    """One line a rule and data set, one column an edition."""
    st.header(HEADING, anchor=False)
    rows = quality.published_rules(evidence)
    if rows.empty:
        st.html(html.paragraphs(NONE, OTHERS))
        return
    table = by_edition(rows)
    st.html(html.table(table, HEADING, tuple(table.columns[3:]), is_caption_shown=False))
    st.html(
        html.paragraphs(
            "Rows found by the rule; an empty cell is an edition without such a finding. Declared: "
            "the defect is known, its reason is written down, and the check fails once it is gone.",
            OTHERS,
            css="sm-note",
        )
    )


def by_edition(rows: pd.DataFrame) -> pd.DataFrame:
    """Rule, what it says, data set, and the rows found in each edition. rows: of quality."""
    cells = [
        f"{row.row_count:,}{_DECLARED if row.is_declared else ''}" for row in rows.itertuples()
    ]
    wide = (
        rows.assign(cell=cells)
        .pivot_table(
            index=["rule", "title", "dataset"],
            columns="vintage",
            values="cell",
            aggfunc=" and ".join,
            sort=False,
        )
        .fillna("")
    )
    wide = wide[sorted(wide.columns)].reset_index()
    names = {"rule": "Rule", "title": "What is wrong", "dataset": "Data set"}
    return wide.rename(columns=names).rename_axis(columns=None)
