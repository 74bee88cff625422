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
# What the door looks for in every file. A declared defect of one file has a sentence of its own.
DOOR_TITLES = {
    "blank_cell": "Cells are empty",
    "census_day": "A census and its day do not go together",
    "count_not_whole": "A count is not a whole number",
    "district_unknown": "A postcode led to no district",
    "element_of_another_year": "An item does not belong to the year of the return",
    "erased_before": "Somebody who was erased is held again",
    "form_without_header": "A file has no header",
    "formula_cells": "Cells hold formulas",
    "later_edition": "A file became the newest edition",
    "missing_column": "A known column is missing",
    "missing_table": "A table is missing",
    "negative_count": "A count is below zero",
    "no_table": "A table is missing",
    "people_matched": "People were matched with earlier files",
    "postcode_without_district": "A postcode has no district",
    "refused": "A file was refused",
    "repeated_area": "An area stands twice",
    "rows_put_aside": "Rows were set aside",
    "rules_not_run": "Rules were not run",
    "symbol_replaced": "Cells hold a sign in place of a number",
    "thousands_separator": "Numbers are written with a separator",
    "taken_back": "A file was taken back",
    "unknown_column": "A column is not known",
    "unknown_table": "A table is not known",
    "unreadable_cell": "Cells hold no number",
    "unseen_label": "A label was not seen before",
    "unusual_period": "A period is unusual for its file",
}


def finding(rule: str, rows: pd.DataFrame) -> None:
    """One rule: what it means, what to do, and where it was found."""
    with st.expander(heading(rule, rows)):
        texts = rows[["message", "remedy"]].fillna("")
        same = [name for name in texts if texts[name].nunique() == 1]
        said = html.paragraphs(*[str(texts[name].iloc[0]) for name in same])
        if said:
            st.html(said)
        columns = [name for name in COLUMNS if name not in same]
        shown = rows[columns].astype(object).where(rows[columns].notna(), "")
        shown["row_count"] = [
            f"{count:,.0f}" if count != "" else "" for count in shown["row_count"]
        ]
        table = shown.rename(columns=COLUMNS)
        st.html(html.table(table, f"Where rule {rule} found it", ("Rows",)))


def heading(rule: str, rows: pd.DataFrame) -> str:
    """What is true of every row. Places are counted: the same row may be wrong in two columns."""
    return f"{_title(rule, rows)} ({formats.plural(len(rows), 'place')})"


def _title(rule: str, rows: pd.DataFrame) -> str:
    own = rows["title"].dropna().unique()
    if len(own) == 1:
        return str(own[0])
    if rule in DOOR_TITLES:
        return DOOR_TITLES[rule]
    first = {str(message).split(". ")[0].rstrip(".") for message in rows["message"]}
    return first.pop() if len(first) == 1 else rule.replace("_", " ").capitalize()
