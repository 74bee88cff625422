"""Data quality: what was received, what was wrong with it, and what that means for the figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import context, formats
from dashboards.components import html, received
from dashboards.components.chart_panel import download_pair
from dashboards.components.findings import finding
from dashboards.components.first_sentence import first_sentence
from dashboards.components.published_rules import published_rules_part
from dashboards.components.reconciled import reconciled_part
from dashboards.components.record_findings import record_findings_part, standing
from dashboards.components.returns_rules import returns_rules_part
from dashboards.components.symbols import symbols_table
from dashboards.queries import quality
from dashboards.words.record_rules import months_received

PAGE = "data_quality"
SEVERITIES = {"error": "Error", "warning": "Warning", "info": "For information"}

OFFICERS = (
    "What the checks found in the council's own files is for its officers and is not shown here."
)


def files_part(page: context.Context, files: pd.DataFrame, *, is_exact: bool) -> None:
    """One line a file or return: rows in, accepted, set aside. Many of one kind fold into one."""
    numbers = tuple(received.COUNTS)
    is_evidence = page.evidence is not None
    shown = received.overview(files, has_hashes=is_evidence)
    table = html.table(shown, "Files received", numbers, is_caption_shown=False)
    st.html(table + html.paragraphs(*received.notes(files, is_exact=is_exact), css="sm-note"))
    for heading, lines in received.folded(files, has_hashes=is_evidence):
        with st.expander(heading):
            st.html(html.table(lines, heading, numbers, is_caption_shown=False))
    taken = received.to_take_away(files)
    download_pair(page, taken, None, "files", "Files received", is_evidence=is_evidence)


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
        with st.container(key=f"sm-printed-{severity}"):
            for rule, rows in part.groupby("rule", sort=True):
                finding(str(rule), rows)
    download_pair(page, findings, None, "findings", "Findings of the checks on files")


def render(page: context.Context) -> None:
    """The page from top to bottom."""
    evidence, is_exact = page.evidence, page.is_officer or page.evidence is not None
    files = quality.files_of_evidence(evidence) if evidence else quality.files(page.key)
    findings = quality.findings(page.key)
    st.title("Data quality", anchor=False)
    accounted = received.rows_sentence(files, is_exact=is_exact)
    first_sentence(" ".join(filter(None, [received.files_sentence(files), accounted])))
    if page.is_officer and (said := standing(page)):
        st.html(html.paragraphs(said))
    st.header("Files received", anchor=False)
    files_part(page, files, is_exact=is_exact)
    if files["is_protected"].any():
        st.html(html.paragraphs(months_received(quality.extracts(page.key))))
    if page.is_officer:
        record_findings_part(page, PAGE)
        reconciled_part(page)
    if evidence:
        returns_rules_part(page, evidence)
    st.header("What the checks found in files", anchor=False)
    st.html(
        html.paragraphs(
            "Figures are shown as their publisher printed them. Where a declared correction was "
            "made, the finding says so and gives the reason.",
            "" if len(findings) else "The checks found nothing.",
            OFFICERS if files["is_protected"].any() and not page.is_officer else "",
        )
    )
    findings_part(page, findings)
    if evidence:
        published_rules_part(evidence)
    st.header("Symbols", anchor=False)
    symbols_table()


render(context.current())
