"""Data quality: what was received, what was wrong with it, and what that means for the figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import context, formats, queries
from dashboards.components import html
from dashboards.components.chart_panel import download_pair
from dashboards.components.findings import finding
from dashboards.components.footer import SOURCES
from dashboards.components.symbols import symbols_table

SEVERITIES = {"error": "Error", "warning": "Warning", "info": "For information"}


def files_part(page: context.Context, files: pd.DataFrame) -> None:
    """One row a file: rows in, accepted, set aside."""
    shown = pd.DataFrame(
        {
            "File": files["file_name"],
            "Source": [SOURCES.get(source, source) for source in files["source"]],
            "Release": files["vintage"],
            "Rows in": [f"{count:,}" for count in files["row_count_in"]],
            "Accepted": [f"{count:,}" for count in files["row_count_accepted"]],
            "Set aside": [f"{count:,}" for count in files["row_count_quarantined"]],
            "SHA-256 begins": [text[:12] for text in files["sha256"]],
        }
    )
    numbers = ("Rows in", "Accepted", "Set aside")
    st.html(html.table(shown, "Files received", numbers, is_caption_shown=False))
    download_pair(page, files, None, "files", "Files received")


def rows_sentence(files: pd.DataFrame) -> str:
    """Whether every row of every file is accounted for: rows in = accepted + set aside."""
    known = files["row_count_accepted"] + files["row_count_quarantined"]
    lost = int((files["row_count_in"] != known).sum())
    total, aside = int(files["row_count_in"].sum()), int(files["row_count_quarantined"].sum())
    if lost:
        return f"In {formats.plural(lost, 'file')} rows are not accounted for."
    return (
        f"Every one of {total:,} rows in {formats.plural(len(files), 'file')} is accounted for: "
        f"{total - aside:,} accepted and {aside:,} set aside."
    )


def findings_part(page: context.Context, findings: pd.DataFrame) -> None:
    """Findings by rule, errors first, each with what it means and what to do.

    What a declared defect of a file says already stands once; the file to take away has both.
    """
    once = findings[~findings["is_declared"].astype(bool)]
    for severity, words in SEVERITIES.items():
        part = once[once["severity"] == severity]
        if part.empty:
            continue
        count = part["rule"].nunique()
        st.subheader(f"{words}: {formats.plural(count, 'rule')}", anchor=False)
        for rule, rows in part.groupby("rule", sort=True):
            finding(str(rule), rows)
    download_pair(page, findings, None, "findings", "Findings of the checks on files")


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    files, findings = queries.files(page.key), queries.findings(page.key)
    st.title("Data quality", anchor=False)
    st.html(html.paragraphs(rows_sentence(files), css="sm-lead"))
    st.header("Files received", anchor=False)
    files_part(page, files)
    st.header("What the checks found", anchor=False)
    st.html(
        html.paragraphs(
            "Figures are shown as their publisher printed them. Where a declared correction was "
            "made, the finding says so and gives the reason.",
            "" if len(findings) else "The checks found nothing.",
        )
    )
    findings_part(page, findings)
    st.header("Symbols", anchor=False)
    symbols_table()


render(context.current())
