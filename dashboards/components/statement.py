"""One statement of the register: what was said, the verdict in words, and what it rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.pairs import compares_groups, pair_chart
from dashboards.context import Context
from dashboards.words.evidence import remark
from dashboards.words.sources import OWN
from dashboards.words.verdicts import verdict_words


def statement(context: Context, claim: Any, evidence: pd.DataFrame) -> None:
    """Show one statement.

    claim: a row of register.claims; evidence: its rows of register.claim_evidence, in order.
    """
    with st.container(border=True, key=f"claim-{claim.claim_id}"):
        verdict = html.badge(verdict_words(claim.verdict), claim.verdict)
        said = formats.day(claim.statement_date) or "no date given"
        texts = (
            f"Source {claim.source_document}, {said}.",
            claim.verdict_reason,
            f"What would test it: {claim.needs}" if isinstance(claim.needs, str) else "",
        )
        st.html(
            f'<h2 class="sm-claim">{html.escape(f"{claim.claim_id}: {claim.statement}")}</h2>'
            f"<p>{verdict}</p>{html.paragraphs(*texts, css='sm-tight')}"
        )
        _figures(context, claim.claim_id, evidence)
        if not compares_groups(evidence[evidence["role"] == "measured"]):
            pair_chart(context, claim.claim_id, evidence[evidence["role"] == "like_for_like"])
        _all_pairs(context, claim.claim_id, evidence[evidence["role"] == "like_for_like"])
        _files(context, claim.claim_id, evidence)


def figure_text(row: Any) -> str:
    """A row's figure with the decimals that the register's own words give it."""
    decimals = int(row.decimals) if formats.is_number(row.decimals) else 0
    return formats.number(row.value, str(row.unit), decimals, row.symbol)


def _figures(context: Context, claim_id: str, evidence: pd.DataFrame) -> None:
    """What was stated beside what was measured."""
    stated = evidence[evidence["role"] == "stated"]
    measured = evidence[evidence["role"] == "measured"]
    if measured.empty:
        return
    rows: list[tuple[Any, ...]] = [
        ("Stated", row.note, _period(row), row.stated_text, "") for row in stated.itertuples()
    ]
    rows += [
        (
            "Measured",
            _subject(context, row),
            _period(row),
            figure_text(row),
            remark(row.note).status,
        )
        for row in measured.itertuples()
    ]
    table = pd.DataFrame(rows, columns=["Kind", "What", "Period", "Figure", "Does it fit?"])
    st.html(html.table(table, f"{claim_id}: what was said and what the release holds", ("Figure",)))


def _subject(context: Context, row: Any) -> str:
    """'Plans maintained, times the figure of January 2014, England'."""
    measure = context.measures.get(row.kpi)
    note = remark(row.note)
    head = measure.title if measure else _text(row.kpi)
    return ", ".join(
        part for part in (head, note.subject, note.basis, _text(row.area_name)) if part
    )


def _all_pairs(context: Context, claim_id: str, rows: pd.DataFrame) -> None:
    """Every like-for-like figure, the ones before a revision or a break too."""
    if rows.empty:
        return
    listed = [
        (
            _subject(context, row),
            _period(row),
            figure_text(row),
            _edition(row),
            remark(row.note).aside,
        )
        for row in rows.itertuples()
    ]
    columns = ["What", "Period", "Figure", "Source and release", "Remark"]
    title = f"Like for like, {claim_id}"
    with st.expander(f"{title}: {formats.plural(len(listed), 'figure')}"):
        st.html(html.table(pd.DataFrame(listed, columns=columns), title, ("Figure",)))


def _files(context: Context, claim_id: str, evidence: pd.DataFrame) -> None:
    """Every published cell behind the verdict, back to its file and row."""
    cells = evidence[(evidence["role"] == "evidence") & evidence["file_id"].notna()]
    if cells.empty:
        return
    rows = [
        (
            _subject(context, row),
            _period(row),
            figure_text(row),
            _edition(row),
            row.file_name,
            _row_words(row.row_number),
        )
        for row in cells.itertuples()
    ]
    columns = ["What", "Period", "Figure", "Source and release", "File", "Row"]
    title = f"Evidence, {claim_id}"
    with st.expander(f"{title}: {formats.plural(len(rows), 'published figure')}"):
        st.html(html.table(pd.DataFrame(rows, columns=columns), title, ("Figure", "Row")))


def _row_words(row_number: Any) -> str:
    """The line of the file; a figure from the council's own return comes from many."""
    return "many" if pd.isna(row_number) else f"{row_number:,.0f}"


def _edition(row: Any) -> str:
    """'dfe 2025', and the council's own return in words."""
    source = "own return" if row.source == OWN else _text(row.source)
    return f"{source} {_text(row.vintage)}".strip()


def _period(row: Any) -> str:
    """The period in one piece, so that a narrow column does not break it."""
    return (_text(row.period_label) or "not said").replace(" ", "\u00a0")


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else ""
