"""The open cases that officers work through: by pseudonym, a screenful at a time, never a file.

Streamlit's downloads can be fetched by whoever holds their address, so no row of a child leaves
this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html, view_state
from dashboards.components.row_file import row_file
from dashboards.context import Context
from dashboards.queries import cases
from dashboards.words import open_cases as words

PAGE = "timeliness"
PREFIX = "timeliness_list_"
ROWS = 25
ALL = "all"
# Column and direction of each order that can be asked for.
SORTS: Mapping[str, tuple[str, bool]] = {
    "longest": ("days_open", False),
    "due": ("days_left", True),
    "district": ("district", True),
    "stage": ("case_stage", True),
}


def open_cases_part(page: Context, address: Mapping[str, str] | None) -> dict[str, str]:
    """The list with its filters; gives what the address should say of them."""
    frame = cases.listed(page.key, page.own_la_code)
    if frame.empty:
        st.html(html.paragraphs(words.NONE))
        return {}
    if address is not None:
        _restore(address, frame)
    _list(frame)
    return _in_address()


def chosen_rows(
    frame: pd.DataFrame, which: str, stage: str, district: str, sort: str
) -> pd.DataFrame:
    """The rows and the order that were asked for; ties by age, then pseudonym."""
    rows = frame
    if which == "overdue":
        rows = rows[rows["is_overdue"].astype(bool)]
    elif which == "soon":
        rows = rows[rows["days_left"].between(0, words.SOON_DAYS)]
    if stage != ALL:
        rows = rows[rows["case_stage"] == stage]
    if district != ALL:
        rows = rows[rows["district"] == district]
    column, is_ascending = SORTS[sort]
    return rows.sort_values(
        [column, "days_open", "pseudonym"], ascending=[is_ascending, False, True]
    )


def printed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as the table prints them."""
    return pd.DataFrame(
        {
            "Case": [str(pseudonym)[: words.PSEUDONYM_SHOWN] for pseudonym in rows["pseudonym"]],
            "District": rows["district"],
            "Stage": [words.STAGES.get(str(stage), str(stage)) for stage in rows["case_stage"]],
            "Request received": [formats.day(_iso(day)) for day in rows["received_date"]],
            "Days open": [
                f"{int(days):,}" if formats.is_number(days) else "" for days in rows["days_open"]
            ],
            "Next due": [_due(row) for row in rows.itertuples()],
            "Days left": [words.days_left(days) for days in rows["days_left"]],
        }
    )


def _iso(cell: Any) -> str:
    return "" if cell is None or pd.isna(cell) else str(pd.Timestamp(cell).date())


def _due(row: Any) -> str:
    kind = words.DEADLINES.get(str(row.deadline_kind), str(row.deadline_kind))
    day = formats.day(_iso(row.deadline_date))
    return f"{kind}, {day}" if day else kind


def _offered(frame: pd.DataFrame) -> dict[str, tuple[list[str], str]]:
    """What each filter offers, and what it stands at unless somebody asked."""
    return {
        "which": (list(words.WHICH), "overdue"),
        "stage": (_stages(frame), ALL),
        "district": (_districts(frame), ALL),
        "sort": (list(SORTS), "longest"),
    }


def _restore(address: Mapping[str, str], frame: pd.DataFrame) -> None:
    for name, (offered, first) in _offered(frame).items():
        asked = address.get("cases" if name == "which" else name)
        view_state.preset(PREFIX + name, view_state.one_of(asked, offered, first))
    part = address.get("part", "1")
    view_state.preset(f"{PREFIX}part", int(part) if part.isdecimal() and int(part) > 0 else 1)


def _in_address() -> dict[str, str]:
    state = st.session_state
    return {
        "cases": _unless(state.get(f"{PREFIX}which"), "overdue"),
        "stage": _unless(state.get(f"{PREFIX}stage"), ALL),
        "district": _unless(state.get(f"{PREFIX}district"), ALL),
        "sort": _unless(state.get(f"{PREFIX}sort"), "longest"),
        "part": _unless(str(state.get(f"{PREFIX}part", 1)), "1"),
    }


def _unless(value: str | None, first: str) -> str:
    return "" if value in (None, first) else str(value)


def _stages(frame: pd.DataFrame) -> list[str]:
    return [ALL, *[stage for stage in words.STAGES if stage in set(frame["case_stage"])]]


def _districts(frame: pd.DataFrame) -> list[str]:
    return [ALL, *sorted(set(frame["district"]))]


@st.fragment
def _list(frame: pd.DataFrame) -> None:
    """Filters, rows and the control of the parts: this alone runs again."""
    which, stage, district, sort = _filters(frame)
    rows = chosen_rows(frame, which, stage, district, sort)
    parts = max(1, -(-len(rows) // ROWS))
    key = f"{PREFIX}part"
    view_state.preset(key, min(max(int(st.session_state.get(key, 1)), 1), parts))
    st.html(html.paragraphs(words.count(len(rows), len(frame), which), css="sm-tight"))
    if len(rows):
        part = 1
        if parts > 1:
            part = int(
                st.number_input(
                    f"Part of the list, 1 to {parts}", min_value=1, max_value=parts, key=key
                )
            )
        start = (part - 1) * ROWS
        caption = words.caption(start, min(start + ROWS, len(rows)), len(rows))
        table = printed(rows.iloc[start : start + ROWS])
        st.html(html.table(table, caption, ("Days open", "Days left")))
    file = row_file("open-cases", "All open cases as a file (CSV)", words.NO_FILE)
    st.html(html.paragraphs(words.PSEUDONYMS, css="sm-note") + file)
    asked = _in_address()
    view_state.write_part(PAGE, list(asked), asked)


def _filters(frame: pd.DataFrame) -> tuple[str, str, str, str]:
    for name, (offered, first) in _offered(frame).items():
        view_state.keep_valid(PREFIX + name, offered, first)
    left, middle, right, last = st.columns(4)
    which = left.selectbox(
        "Cases", list(words.WHICH), format_func=words.WHICH.__getitem__, key=f"{PREFIX}which"
    )
    stage = middle.selectbox(
        "Stage",
        _stages(frame),
        format_func=lambda code: words.STAGES.get(code, "Every stage"),
        key=f"{PREFIX}stage",
    )
    district = right.selectbox(
        "District",
        _districts(frame),
        format_func=lambda name: "Every district" if name == ALL else name,
        key=f"{PREFIX}district",
    )
    sort = last.selectbox(
        "In the order of", list(SORTS), format_func=words.SORTS.__getitem__, key=f"{PREFIX}sort"
    )
    return str(which), str(stage), str(district), str(sort)
