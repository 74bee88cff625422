"""What the rules found in the council's own returns, counted: for auditors, from the evidence."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.chart_panel import download_pair
from dashboards.components.received import MANY, kind_words
from dashboards.context import Context
from dashboards.queries import evidence_pack, quality
from dashboards.queries.frozen import Key
from dashboards.words.record_rules import STATUS_MEANINGS, STATUSES, WEIGHTS, edition

HEADING = "What the rules found in the council's own returns"
NONE = "This release holds no finding on the rows of a return."
NO_ROWS = (
    "Exact counts, for auditors only. The rows themselves, without names, are for the council's "
    "officers. An edition in which no rule found anything has no line. What each rule says is in "
    "the product's list of rules (docs/rules.md)."
)


def returns_rules_part(page: Context, evidence: Key) -> None:
    """Each kind of return over its editions, and its newest edition rule by rule."""
    st.header(HEADING, anchor=False)
    is_held = evidence_pack.has(evidence, "record_finding_summary")
    found = quality.record_rules(evidence) if is_held else pd.DataFrame()
    if found.empty:
        st.html(html.paragraphs(NONE))
        return
    st.html(html.paragraphs(STATUS_MEANINGS, NO_ROWS, css="sm-note"))
    for kind, rows in found.groupby("kind", sort=True):
        _kind_part(kind_words(str(kind)), rows)
    download_pair(page, found, None, "rules-of-returns", HEADING, is_evidence=True)


def _kind_part(name: str, rows: pd.DataFrame) -> None:
    """rows: of one kind, the newest edition first."""
    over_time, newest = by_edition(rows), by_rule(rows)
    st.subheader(f"{name}: {formats.plural(len(over_time), 'edition')}", anchor=False)
    shown = html.table(over_time, f"{name}: findings in each edition", tuple(over_time.columns[1:]))
    if len(over_time) < MANY:
        st.html(shown)
    else:
        with st.expander(f"{name}: each of {len(over_time)} editions"):
            st.html(shown)
    caption = f"{name}, {over_time['Edition'].iloc[0]}: findings of each rule"
    st.html(html.table(newest, caption, tuple(STATUSES.values())))


def by_edition(rows: pd.DataFrame) -> pd.DataFrame:
    """One printed line an edition: how many rules found something, and the findings by status."""
    sums = rows.groupby("vintage", sort=False)[list(STATUSES)].sum()
    rules = rows.groupby("vintage", sort=False)["rule"].nunique()
    table = sums.assign(rules=rules).reset_index()
    printed = table.assign(vintage=[edition(str(vintage)) for vintage in table["vintage"]])
    names = {"vintage": "Edition", "rules": "Rules with findings", **STATUSES}
    return _printed(printed[list(names)].rename(columns=names))


def by_rule(rows: pd.DataFrame) -> pd.DataFrame:
    """One printed line a rule of the newest edition. rows: the newest edition first."""
    newest = rows[rows["vintage"] == rows["vintage"].iloc[0]]
    printed = newest.assign(severity=newest["severity"].map(WEIGHTS))
    names = {"rule": "Rule", "severity": "Weight", **STATUSES}
    return _printed(printed[list(names)].rename(columns=names))


def _printed(table: pd.DataFrame) -> pd.DataFrame:
    return table.map(lambda cell: cell if isinstance(cell, str) else f"{int(cell):,}")
