"""The line under every page: which release, when built, from which data, on what terms."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.context import Context
from dashboards.downloads import LICENCE, LICENCE_ADDRESS
from dashboards.queries import figures

SOURCES = {
    "dfe": "Department for Education",
    "moj": "Ministry of Justice",
    "lait": "DfE Local Authority Interactive Tool",
    "ons": "Office for National Statistics",
    "council": "the council's own records",
}


def data_version(context: Context) -> str:
    """'Department for Education 2026, ...': the newest edition of each source."""
    versions = figures.data_versions(context.key)
    return ", ".join(f"{SOURCES.get(source, source)} {vintage}" for source, vintage in versions)


def editions(data: pd.DataFrame) -> str:
    """'Department for Education 2022 and 2025': the editions that some rows were read from.

    data: with columns source and vintage, empty for a computed average; without them, no words.
    """
    if not {"source", "vintage"} <= set(data.columns):
        return ""
    held = data[["source", "vintage"]].dropna().drop_duplicates().sort_values(["source", "vintage"])
    return "; ".join(
        f"{SOURCES.get(str(source), str(source))} {formats.listed(list(rows['vintage']))}"
        for source, rows in held.groupby("source")
    )


def footer(context: Context) -> None:
    """Release, built, data version and licence."""
    facts = context.facts
    built = formats.day(facts["built_at"])
    lines = (
        f"Release {facts['release']}, built {built}, approved by {facts['approved_by']}. "
        f"Data: {data_version(context)}."
    )
    st.html(
        f'<footer class="sm-footer"><p>{html.escape(lines)}</p>'
        "<p>Contains public sector information licensed under the "
        f'<a href="{LICENCE_ADDRESS}">{LICENCE}</a>.</p></footer>'
    )
