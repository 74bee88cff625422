"""One statement of the register: what was said, the verdict in words, and what it rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.charts.lines import comparison_lines
from dashboards.components import html
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.comparison import fixed_or_count_axis, wide_table
from dashboards.context import Context
from dashboards.measure import Measure
from dashboards.words.titles import alt_text, pair_title
from dashboards.words.verdicts import verdict_words

_UNIT_DECIMALS = {"count": 0, "percent": 1, "per_1000": 1, "weeks": 1, "score": 1}


def statement(context: Context, claim: Any, evidence: pd.DataFrame) -> None:
    """Show one statement.

    claim: a row of queries.claims; evidence: its rows of queries.claim_evidence, in order.
    """
    with st.container(border=True, key=f"claim-{claim.claim_id}"):
        verdict = html.badge(verdict_words(claim.verdict), claim.verdict)
        said = formats.day(claim.statement_date) or "no date given"
        st.html(
            f'<h2 class="sm-claim">{html.escape(f"{claim.claim_id}: {claim.statement}")}</h2>'
            f"<p>{verdict}</p>"
            + html.paragraphs(
                f"Said in {claim.source_document}, {said}.", claim.verdict_reason, css="sm-tight"
            )
            + html.paragraphs(_needs(claim.needs), css="sm-tight")
        )
        _figures(context, evidence)
        _pairs(context, claim.claim_id, evidence[evidence["role"] == "like_for_like"])
        _files(context, claim.claim_id, evidence)


def figure_text(context: Context, row: Any) -> str:
    """A row's figure as printed, in the decimals of its measure; a symbol in brackets."""
    measure = context.measures.get(row.kpi)
    decimals = measure.decimals if measure else _UNIT_DECIMALS.get(row.unit, 1)
    return formats.number(row.value, str(row.unit), decimals, row.symbol)


def _needs(needs: object) -> str:
    return f"What would test it: {needs}" if isinstance(needs, str) and needs else ""


def _figures(context: Context, evidence: pd.DataFrame) -> None:
    """What was stated beside what was measured."""
    stated = evidence[evidence["role"] == "stated"]
    measured = evidence[evidence["role"] == "measured"]
    rows = [
        ("Stated", _subject(context, row), row.period_label, row.stated_text)
        for row in stated.itertuples()
    ]
    rows += [
        ("Measured", _subject(context, row), row.period_label, figure_text(context, row))
        for row in measured.itertuples()
    ]
    if measured.empty:
        return
    table = pd.DataFrame(rows, columns=["", "What", "Period", "Figure"]).fillna("")
    table.loc[table["Period"] == "", "Period"] = "not said"
    st.html(html.table(table, "What was said and what the release holds", ("Figure",)))


def _subject(context: Context, row: Any) -> str:
    measure = context.measures.get(row.kpi)
    parts = [row.note if row.role == "stated" else measure and measure.title, row.area_name]
    if isinstance(row.note, str) and row.note and row.role != "stated":
        parts.insert(1, row.note)
    return ", ".join(str(part) for part in parts if isinstance(part, str) and part)


def _pairs(context: Context, claim_id: str, rows: pd.DataFrame) -> None:
    """The like-for-like figures, for each measure that has two areas in two periods or more."""
    for kpi, part in rows.groupby("kpi", sort=False):
        measure = context.measures.get(str(kpi))
        newest = part.drop_duplicates(["period", "area_code"], keep="last")
        if measure is None or newest["area_code"].nunique() != 2 or newest["period"].nunique() < 2:
            continue
        _pair_chart(context, f"claim-{claim_id}-{kpi}", measure, newest)


def _pair_chart(context: Context, stem: str, measure: Measure, rows: pd.DataFrame) -> None:
    home = context.home.area_code
    frame = rows.assign(
        line=rows["area_name"],
        role=["focus" if code == home else "england" for code in rows["area_code"]],
        is_revised=False,
    ).sort_values(["role", "period"], ascending=[False, True], kind="stable")
    names = list(dict.fromkeys(frame["line"]))
    wide = frame.pivot(index="period", columns="line", values="value")[names].dropna()
    gaps = [round(a - b, measure.decimals) for a, b in wide.itertuples(index=False)]
    title = pair_title(names[0], names[1], gaps, measure.unit)
    subtitle = (
        f"{measure.title}, {formats.listed(names)}, same definition and same period, "
        f"{frame['period_label'].iloc[0]} to {frame['period_label'].iloc[len(wide) - 1]}"
    )
    axis = fixed_or_count_axis(context, measure, "All", frame)
    figure = comparison_lines(
        frame, axis, context.palette, unit=measure.unit, decimals=measure.decimals
    )
    columns = ["area_name", "area_code", "period", "period_label", "value", "source", "vintage"]
    panel = Panel(
        title,
        subtitle,
        alt_text(title, subtitle, []),
        (axis.words(measure.unit),),
        wide_table(frame, measure),
        tuple(names),
        frame[columns],
        stem,
    )
    chart_panel(context, figure, panel, measure, is_part=True)


def _files(context: Context, claim_id: str, evidence: pd.DataFrame) -> None:
    """Every published cell behind the verdict, back to its file and row."""
    cells = evidence[evidence["file_id"].notna()]
    if cells.empty:
        return
    rows = [
        (
            _subject(context, row),
            row.period_label,
            figure_text(context, row),
            f"{row.source} {row.vintage}",
            row.file_name,
            f"{row.row_number:,.0f}",
        )
        for row in cells.itertuples()
    ]
    columns = ["What", "Period", "Figure", "Source and release", "File", "Row"]
    table = pd.DataFrame(rows, columns=columns).drop_duplicates().fillna("")
    with st.expander(f"Evidence for {claim_id}: {formats.plural(len(table), 'published figure')}"):
        st.html(html.table(table, f"Evidence for {claim_id}", ("Figure", "Row")))
