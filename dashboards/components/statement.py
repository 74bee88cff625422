"""One statement of the register: what was said, the verdict in words, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.finished import finished
from dashboards.components.pairs import compares_groups, pair_chart
from dashboards.context import Context
from dashboards.measure import OWN, Measure
from dashboards.queries import register
from dashboards.words.evidence import remark
from dashboards.words.verdicts import verdict_words


@dataclass(frozen=True)
class _Evidence:
    """What a statement rests on, ready to be shown.

    Attributes:
        figures: the table of what was said and measured; empty where nothing was.
        pair: the chart of like for like, with its words and its measure.
        folds: heading and table of what is closed until asked for.
    """

    figures: str
    pair: tuple[Any, Panel, Measure] | None
    folds: tuple[tuple[str, str], ...]


def statement(context: Context, claim: Any) -> None:
    """Show one statement, with its rows of register.claim_evidence.

    claim: a row of register.claims.
    """
    held = _evidence(context, claim.claim_id)
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
        if held.figures:
            st.html(held.figures)
        if held.pair:
            chart_panel(context, *held.pair, is_part=True)
        for heading, table in held.folds:
            with st.expander(heading):
                st.html(table)


@finished
def _evidence(context: Context, claim_id: str) -> _Evidence:
    every = register.claim_evidence(context.key)
    rows = every[every["claim_id"] == claim_id]
    like = rows[rows["role"] == "like_for_like"]
    is_apart = compares_groups(rows[rows["role"] == "measured"])
    folds = (
        _all_pairs(context.measures, claim_id, like),
        _files(context.measures, claim_id, rows),
    )
    return _Evidence(
        figures=figures_table(context.measures, claim_id, rows),
        pair=None if is_apart else pair_chart(context, claim_id, like),
        folds=tuple(fold for fold in folds if fold),
    )


def figure_text(row: Any) -> str:
    """A row's figure with the decimals that the register's own words give it."""
    decimals = int(row.decimals) if formats.is_number(row.decimals) else 0
    return formats.number(row.value, str(row.unit), decimals, row.symbol)


def figures_table(measures: Mapping[str, Measure], claim_id: str, evidence: pd.DataFrame) -> str:
    """What was stated beside what was measured, as a table."""
    stated = evidence[evidence["role"] == "stated"]
    measured = evidence[evidence["role"] == "measured"]
    if measured.empty:
        return ""
    rows: list[tuple[Any, ...]] = [
        ("Stated", row.note, _period(row), row.stated_text, "") for row in stated.itertuples()
    ]
    # What several parts of a statement are held against is measured once.
    rows += dict.fromkeys(
        (
            "Measured",
            _subject(measures, row),
            _period(row),
            figure_text(row),
            remark(row.note).status,
        )
        for row in measured.itertuples()
    )
    table = pd.DataFrame(rows, columns=["Kind", "What", "Period", "Figure", "Does it fit?"])
    return html.table(table, f"{claim_id}: what was said and what the release holds", ("Figure",))


def _subject(measures: Mapping[str, Measure], row: Any) -> str:
    """'Plans maintained, times the figure of January 2014, England'."""
    measure = measures.get(row.kpi)
    note = remark(row.note)
    head = measure.title if measure else _text(row.kpi)
    return ", ".join(
        part for part in (head, note.subject, note.basis, _text(row.area_name)) if part
    )


def _all_pairs(
    measures: Mapping[str, Measure], claim_id: str, rows: pd.DataFrame
) -> tuple[str, str] | None:
    """Every like-for-like figure, the ones before a revision or a break too."""
    if rows.empty:
        return None
    listed = [
        (
            _subject(measures, row),
            _period(row),
            figure_text(row),
            _edition(row),
            remark(row.note).aside,
        )
        for row in rows.itertuples()
    ]
    columns = ["What", "Period", "Figure", "Source and release", "Remark"]
    title = f"Like for like, {claim_id}"
    table = html.table(pd.DataFrame(listed, columns=columns), title, ("Figure",))
    return f"{title}: {formats.plural(len(listed), 'figure')}", table


def _files(
    measures: Mapping[str, Measure], claim_id: str, evidence: pd.DataFrame
) -> tuple[str, str] | None:
    """Every published cell behind the verdict, back to its file and row."""
    cells = evidence[(evidence["role"] == "evidence") & evidence["file_id"].notna()]
    if cells.empty:
        return None
    rows = [
        (
            _subject(measures, row),
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
    table = html.table(pd.DataFrame(rows, columns=columns), title, ("Figure", "Row"))
    return f"{title}: {formats.plural(len(rows), 'published figure')}", table


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
