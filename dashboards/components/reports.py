"""Buttons that make a report when it is asked for: one page, workbook, evidence pack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboards import downloads
from dashboards.components import html
from dashboards.context import Context, as_public
from dashboards.queries.frozen import Key
from dashboards.reports import kinds
from dashboards.reports.kinds import Kind
from pipelines.registry.council import Council

LABELS = {
    Kind.ONE_PAGE: "One-page report (PDF)",
    Kind.WORKBOOK: "Workbook (Excel)",
    Kind.AUDIT: "Evidence pack (zip)",
}
PUBLIC = "The report and the workbook hold published figures only, whoever takes them."
PACK = "The evidence pack is for auditors. It holds exact counts of rows, and no row of a child."

# A few councils and kinds of the newest releases; the workbook is the largest, under 100 kB.
_KEPT = 12


def offer_reports(page: Context, of: Council) -> None:
    """The reports for everybody, on the page whose words they print."""
    report_buttons(page, (Kind.ONE_PAGE, Kind.WORKBOOK), of)


def offer_pack(page: Context) -> None:
    """The evidence pack, on a page that only auditors find."""
    report_buttons(page, (Kind.AUDIT,))


def report_buttons(page: Context, wanted: Sequence[Kind], of: Council | None = None) -> None:
    """A button a kind; the bytes are made on the click, once for all readers of the release.

    of: whose position, of overview.councils; without it that of the release's own council.
    """
    row = st.container(horizontal=True)
    for kind in wanted:
        row.download_button(
            LABELS[kind],
            data=partial(report_bytes, page, kind, of),
            file_name=downloads.file_name(kinds.stem(page, kind, of), kinds.ENDINGS[kind]),
            mime=kinds.MEDIA_TYPES[kind],
            key=f"report-{kind.value}",
            on_click="ignore",
        )
    st.html(html.paragraphs(PACK if Kind.AUDIT in wanted else PUBLIC, css="sm-note"))


def report_bytes(page: Context, kind: Kind, of: Council | None) -> bytes:
    """The report as its role may read it: whatever the page shows, print is public."""
    read = page if kind is Kind.AUDIT else as_public(page)
    whose = of.la_code if of else ""
    return _kept(read.key, kind.value, whose, read.read_on, read, of)


@st.cache_data(show_spinner=False, max_entries=_KEPT)
def _kept(
    key: Key, kind: str, la_code: str, read_on: date, _page: Context, _of: Council | None
) -> bytes:
    """The bytes by release, role, kind, council and day of reading."""
    return kinds.make(_page, Kind(kind), _of)
