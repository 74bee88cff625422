"""Evidence, first part: the release that is read, its gates, what it changed, those before it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.chart_panel import download_pair
from dashboards.context import Context
from dashboards.queries import releases
from dashboards.queries.frozen import Key
from dashboards.words import release_evidence as words

COMMIT_DIGITS = 12
UNCOMMITTED = "+"


def gates(evidence: Key) -> None:
    """Each gate with what it found."""
    approval = releases.document(evidence, "approval.json")
    found = approval.get("gates") or []
    if not found:
        st.html(html.paragraphs(words.NO_GATES))
        return
    rows = [
        (
            words.GATES.get(gate["name"], gate["name"]),
            "Passed" if gate["passed"] else "Not passed",
            _sentence(gate["found"]),
        )
        for gate in found
    ]
    frame = pd.DataFrame(rows, columns=["Gate", "Result", "What was found"])
    st.html(html.table(frame, "Gates of this release", is_caption_shown=False))


def difference(page: Context, evidence: Key) -> None:
    """What the release shows otherwise than the one before it, and why."""
    found = releases.document(evidence, "diff.json")
    st.html(html.paragraphs(words.difference_sentence(found)))
    if not found or found["before"] is None:
        return
    st.html(html.paragraphs(*words.inputs_sentences(found["inputs"]), css="sm-note"))
    measures = [item for item in found["measures"] if item["why"]]
    if measures:
        st.html(html.table(_measures(page, measures), "Measures that differ", ("Figures",)))
    if rules := words.rules_that_differ(found):
        with st.expander(
            f"{formats.plural(len(rules), 'rule')} that find more or less than before"
        ):
            st.html(html.table(_rules(rules), "Findings of rules", is_caption_shown=False))
    download_pair(
        page, _to_take_away(found["measures"]), None, "difference", "What differs", is_evidence=True
    )


def officers(page: Context, evidence: Key) -> None:
    """How many figures differ that only officers read: counts by measure, for auditors alone."""
    approval = releases.document(evidence, "approval.json")
    if not (said := words.officers_sentence(approval)):
        return
    st.html(html.paragraphs(said))
    measures = approval.get("officers_only") or []
    if measures:
        counts, titles = ("Changed", "New", "Gone"), releases.titles(page.key)
        rows = [
            (titles.get(item["kpi"], item["kpi"]), *(f"{item[name.lower()]:,}" for name in counts))
            for item in measures
        ]
        frame = pd.DataFrame(rows, columns=["Measure", *counts])
        about = "Figures that only officers read and that differ"
        with st.expander(f"{about}, by measure"):
            st.html(html.table(frame, about, counts, is_caption_shown=False))


def history(evidence: Key, current: str) -> None:
    """Every approved release: who, when and why."""
    rows = [
        (
            f"{item['release']} (read now)" if item["release"] == current else item["release"],
            formats.day(item.get("at")),
            item.get("approved_by", "Nobody on record"),
            item.get("reason", ""),
            _code(str(item.get("code_version", ""))),
        )
        for item in releases.approvals(evidence)
    ]
    columns = ["Release", "Approved", "By", "Reason", "Code"]
    frame = pd.DataFrame(rows, columns=columns)
    st.html(html.table(frame, "Approved releases, newest first", is_caption_shown=False))


def _measures(page: Context, measures: list[dict[str, Any]]) -> pd.DataFrame:
    rows = []
    for item in measures:
        known = page.measures.get(item["kpi"])
        unit, decimals = (known.unit, known.decimals) if known else ("count", 0)
        counts = (("changed", item["changed"]), ("new", item["added"]), ("gone", item["gone"]))
        rows.append(
            (
                item["title"],
                words.figure(item["old"], unit, decimals),
                words.figure(item["new"], unit, decimals),
                ", ".join(f"{count:,} {word}" for word, count in counts if count),
                _sentence(words.why_words(item["why"])),
            )
        )
    columns = ["Measure", "Newest before", "Newest now", "Figures", "Why"]
    return pd.DataFrame(rows, columns=columns)


def _to_take_away(measures: list[dict[str, Any]]) -> pd.DataFrame:
    """One row a measure of either release, those that do not differ too."""
    rows = []
    for item in measures:
        row = {"kpi": item["kpi"]}
        for name in ("old", "new"):
            told = item[name] or {"period": None, "value": None, "symbol": None}
            row |= {f"{name}_{part}": told[part] for part in ("period", "value", "symbol")}
        row |= {name: item[name] for name in ("changed", "added", "gone")}
        rows.append(row | {"why": " ".join(item["why"])})
    return pd.DataFrame(rows)


def _rules(rules: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [
        (
            item["rule"],
            words.figure(item["old"], "count", 0),
            words.figure(item["new"], "count", 0),
            words.why_words(item["why"]),
        )
        for item in rules
    ]
    return pd.DataFrame(
        rows, columns=["Rule", "Findings before", "Findings now", "Possible reasons"]
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _code(version: str) -> str:
    if not version:
        return "not on record"
    changed = " and changes" if version.endswith(UNCOMMITTED) else ""
    return f"commit {version[:COMMIT_DIGITS]}{changed}"
