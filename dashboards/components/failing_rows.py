"""The rows that one rule speaks of in one return, a page at a time, for officers.

They stand on the screen only. A file that Streamlit hands out has an address that anybody could
open for a while, so rows of cases leave by the command line.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.finding_filters import Asked
from dashboards.components.row_file import row_file
from dashboards.context import Context
from dashboards.queries import record_rules
from dashboards.words import record_rules as words

SIZE = 50
WHOSE = (
    "Child is a pseudonym: the same child has the same one in every return, and no name stands "
    "behind it here. Row is the row of the file that was handed in; record counts people and "
    "requests in it."
)
FILE = (
    "The whole list as a file: the command send validate FILE --out findings.csv writes every "
    "finding of a return with its row and record."
)


def failing_part(page: Context, asked: Asked) -> str:
    """What the rule says and its rows; the page shown, for the address, empty for the first."""
    message, remedy = record_rules.texts(page.key).get(asked.rule, ("", ""))
    st.subheader(f"Rows of {asked.rule_id}: {asked.label}", anchor=False)
    st.html(html.paragraphs(message, f"What to do: {remedy}" if remedy else ""))
    total = _total(page, asked)
    if total == 0:
        st.html(html.paragraphs("The rule has no such finding in this return."))
        return ""
    number = _page(asked, math.ceil(total / SIZE))
    rows = record_rules.failing(
        page.key,
        asked.rule_id,
        asked.rule.partition(" ")[2],
        asked.kind,
        asked.vintage,
        asked.status,
        number,
        SIZE,
    )
    caption = words.shown_rows(number, SIZE, total)
    st.html(html.table(pd.DataFrame([_line(row) for row in rows.itertuples()]), caption))
    file = row_file("findings", "All findings of the returns as a file (CSV)", FILE)
    st.html(html.paragraphs(WHOSE, css="sm-note") + file)
    return str(number) if number > 1 else ""


def _total(page: Context, asked: Asked) -> int:
    counts = record_rules.counts(page.key)
    kept = counts[
        (counts["rule"] + " " + counts["severity"] == asked.rule)
        & (counts["kind"] == asked.kind)
        & (counts["vintage"] == asked.vintage)
    ]
    if asked.status:
        kept = kept[kept["finding_status"] == asked.status]
    return int(kept["finding_count"].sum())


def _page(asked: Asked, last: int) -> int:
    """The page asked for; each rule and return has a page of its own."""
    if last == 1:
        return 1
    key = f"quality_page {asked.kind} {asked.vintage} {asked.rule} {asked.status}"
    if key not in st.session_state:
        text = (asked.address or {}).get("page", "")
        st.session_state[key] = min(max(int(text), 1), last) if text.isdigit() else 1
    return int(st.number_input(f"Page (of {last:,})", 1, last, key=key))


def _line(row: Any) -> dict[str, str]:
    said = row.explanation if isinstance(row.explanation, str) else ""
    who = f" ({row.decided_by_role}, {formats.day(row.decided_date)})" if said else ""
    return {
        "Row": f"{row.row_number:,.0f}" if formats.is_number(row.row_number) else "whole file",
        "Record": row.record_key if isinstance(row.record_key, str) else "",
        "Child": row.pseudonym[:12] if isinstance(row.pseudonym, str) else "",
        "Columns": row.column_names if isinstance(row.column_names, str) else "",
        "Status": words.STATUSES.get(row.finding_status, row.finding_status),
        "First found in": words.edition(row.first_found_vintage),
        "Explanation": f"{said}{who}",
    }
