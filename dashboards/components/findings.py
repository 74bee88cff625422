"""One rule of the checks on files: what it means, what to do, where it was found."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html

COLUMNS = {
    "file_name": "File",
    "vintage": "Release",
    "column_name": "Column",
    "period": "Period",
    "row_count": "Rows",
    "message": "What is wrong",
    "remedy": "What to do",
}


def finding(rule: str, rows: pd.DataFrame) -> None:
    """One rule: what it means, what to do, and where it was found."""
    total = int(rows["row_count"].fillna(0).sum())
    first = str(rows["message"].iloc[0]).split(". ")[0].rstrip(".")
    with st.expander(f"{rule}: {first} ({formats.plural(total, 'row')})"):
        same = [name for name in ("message", "remedy") if rows[name].nunique() == 1]
        st.html(html.paragraphs(*[str(rows[name].iloc[0]) for name in same]))
        columns = [name for name in COLUMNS if name not in same]
        shown = rows[columns].astype(object).where(rows[columns].notna(), "")
        shown["row_count"] = [f"{count:,}" if count != "" else "" for count in shown["row_count"]]
        table = shown.rename(columns=COLUMNS)
        st.html(html.table(table, f"Where rule {rule} found it", ("Rows",)))
