"""Evidence, second part: the files a release was made from, its checks, its small numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.chart_panel import download_pair
from dashboards.components.footer import SOURCES
from dashboards.components.received import kind_words
from dashboards.context import Context
from dashboards.queries import evidence_pack, releases
from dashboards.queries.frozen import Key, records
from dashboards.words import release_evidence as words
from dashboards.words.record_rules import edition

ORDER = list(words.FLOORS)
# The kind of the register of schools, which has rules of its own as the council's files have.
REGISTER = "establishment"
COUNTS = ("table_count", "check_count", "failed_count", "warning_count")
# What is hashed into a release besides files, by the first words of an input's name.
PRODUCT = {
    "data": "Facts, settings and the plan",
    "expectations": "Checks and rules",
    "pipelines": "Code",
}


def files(page: Context, evidence: Key) -> None:
    """The files by kind, each with its hash where it is asked for; and what else is hashed."""
    found = releases.inputs(evidence)
    own = int((found["source"] == "council").sum())
    st.html(
        html.paragraphs(
            f"{formats.plural(len(found), 'file')}, {own:,} of them the council's own. Each is "
            "known by the SHA-256 of the bytes that arrived, and these are kept.",
            words.judged_sentence(own + int((found["kind"] == REGISTER).sum()), len(found)),
            *_product_sentence(evidence),
        )
    )
    st.html(html.table(by_kind(found), "Files by kind", ("Files", "Rows"), is_caption_shown=False))
    with st.expander("Every file with its hash"):
        st.html(html.table(every_file(found), "Every file", ("Rows",), is_caption_shown=False))
        st.html(
            html.paragraphs(
                "Names of the council's own files are not shown: a name may be a child's.",
                css="sm-note",
            )
        )
    download_pair(
        page, evidence_pack.files(evidence), None, "evidence-files", "Files", is_evidence=True
    )


def checks(evidence: Key) -> None:
    """Checks by floor, and those that did not hold."""
    found = releases.floors(evidence)
    order = {name: place for place, name in enumerate(ORDER)}
    found = found.sort_values("floor", key=lambda names: names.map(order))
    rows = [
        (words.FLOORS.get(row["floor"], row["floor"]), *(f"{row[name]:,}" for name in COUNTS))
        for row in records(found)
    ]
    columns = ["Stage", "Tables", "Checks", "Failed", "Warnings"]
    frame = pd.DataFrame(rows, columns=columns)
    st.html(html.table(frame, "Checks by stage", tuple(columns[1:]), is_caption_shown=False))
    left = releases.warnings(evidence)
    if not left.empty:
        with st.expander(f"{formats.plural(len(left), 'check')} that did not hold"):
            st.html(html.table(_warned(left), "Checks that did not hold", is_caption_shown=False))


def small_numbers(evidence: Key) -> None:
    """How small numbers are protected, in words and numbers."""
    verdict, groups, tables = None, 0, 0
    if evidence_pack.has(evidence, "disclosure_verdict"):
        (verdict,) = records(evidence_pack.whole(evidence, "disclosure_verdict"))
        withheld = evidence_pack.whole(evidence, "disclosure_withheld")
        is_table = withheld["is_whole_table"].astype(bool)
        groups, tables = int((~is_table).sum()), int(is_table.sum())
    st.html(html.paragraphs(*words.disclosure_sentences(verdict, groups, tables)))


def _product_sentence(evidence: Key) -> tuple[str, ...]:
    """How many facts, rules and files of code were hashed too."""
    inputs = releases.document(evidence, "manifest.json").get("inputs") or []
    counts = dict.fromkeys(PRODUCT, 0)
    for item in inputs:
        first = str(item["name"]).split("/")[0]
        if first in counts:
            counts[first] += 1
    told = [f"{PRODUCT[name].lower()} ({count:,})" for name, count in counts.items() if count]
    return (f"Hashed with them: every query, {formats.listed(told)}.",) if told else ()


def by_kind(found: pd.DataFrame) -> pd.DataFrame:
    """The files of each kind, and their first and last edition. found: of releases.inputs."""
    rows = [
        (
            kind_words(str(kind)),
            SOURCES.get(str(source), str(source)),
            _editions(list(group["vintage"])),
            f"{len(group):,}",
            f"{int(group['row_count_in'].sum()):,}",
        )
        for (source, kind), group in found.groupby(["source", "kind"], sort=True)
    ]
    return pd.DataFrame(rows, columns=["Kind", "Source", "Editions", "Files", "Rows"])


def every_file(found: pd.DataFrame) -> pd.DataFrame:
    """One line a file, the council's own by their kind. found: of releases.inputs."""
    rows = [
        (
            row["file_name"] or kind_words(row["kind"]),
            edition(row["vintage"]),
            f"{row['row_count_in']:,}",
            row["sha256"],
        )
        for row in records(found)
    ]
    return pd.DataFrame(rows, columns=["File", "Edition", "Rows", "SHA-256"])


def _warned(left: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = [
        (row.message, row.table_name, row.severity, f"{row.failed_count:,}")
        for row in left.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["What did not hold", "Table", "Weight", "Rows"])


def _editions(names: list[str]) -> str:
    ends = dict.fromkeys([min(names), max(names)])
    return " to ".join(map(edition, ends))
