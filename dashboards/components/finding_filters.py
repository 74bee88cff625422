"""The filters of the rules for rows: return, weight, status and rule, as the address says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from dashboards.components import view_state
from dashboards.components.received import kind_words
from dashboards.context import Context
from dashboards.queries import record_rules
from dashboards.words.record_rules import STATUSES, WEIGHTS, edition

_ALL = "all"


@dataclass(frozen=True)
class Asked:
    """Which findings are shown.

    Attributes:
        kind, vintage: of the return.
        severity, status: empty for all.
        rule: 'ACT-13 query', a rule and its weight; empty for all.
        address: the parameters of a link just followed; None on our own reruns.
    """

    kind: str
    vintage: str
    severity: str = ""
    status: str = ""
    rule: str = ""
    address: Mapping[str, str] | None = None

    @property
    def label(self) -> str:
        """'SEN2 return, 2026'."""
        return f"{kind_words(self.kind)}, {edition(self.vintage)}"

    @property
    def rule_id(self) -> str:
        """'ACT-13'."""
        return self.rule.partition(" ")[0]

    def parameters(self) -> dict[str, str]:
        """What the address says of it."""
        return {
            "return": f"{self.kind}:{self.vintage}",
            "severity": self.severity,
            "status": self.status,
            "rule": self.rule,
        }


def newest_return(returns: pd.DataFrame) -> str:
    """The newest annual return; where there is none, the last file of the list."""
    annual = returns[returns["return_kind"] == "annual"]
    row = (returns if annual.empty else annual).iloc[-1]
    return f"{row['kind']}:{row['vintage']}"


def choose(page: Context, returns: pd.DataFrame, name: str) -> Asked:
    """Draw the filters and give what was chosen. name: of the page."""
    address = view_state.arrived(name)
    options = [f"{row.kind}:{row.vintage}" for row in returns.iloc[::-1].itertuples()]
    if address is not None:
        _restore(address, options, newest_return(returns))
    left, middle, right = st.columns([2, 1, 1])
    chosen = left.selectbox("Return", options, format_func=_label, key="quality_return")
    severity = _one(middle, "Weight", WEIGHTS, "quality_severity")
    status = _one(right, "Status", STATUSES, "quality_status")
    kind, _, vintage = str(chosen).partition(":")
    asked = Asked(kind, vintage, severity, status, address=address)
    return replace(asked, rule=_rule(page, asked))


def of_asked(counts: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The counts of every return that the filters leave, all but the filter by return."""
    kept = counts[counts["kind"] == asked.kind]
    if asked.severity:
        kept = kept[kept["severity"] == asked.severity]
    if asked.rule:
        kept = kept[kept["rule"] + " " + kept["severity"] == asked.rule]
    return kept


def tally(counts: pd.DataFrame, column: str) -> dict[str, int]:
    """How many findings there are by weight or by status."""
    summed = counts.groupby(column)["finding_count"].sum()
    return {str(name): int(count) for name, count in summed.items()}


def _restore(address: Mapping[str, str], options: list[str], newest: str) -> None:
    view_state.preset("quality_return", view_state.one_of(address.get("return"), options, newest))
    for key, words in (("severity", WEIGHTS), ("status", STATUSES)):
        view_state.preset(f"quality_{key}", view_state.one_of(address.get(key), list(words), _ALL))
    view_state.preset("quality_rule", address.get("rule", ""))


def _label(option: str) -> str:
    kind, _, vintage = option.partition(":")
    return Asked(kind, vintage).label


def _one(
    place: st.delta_generator.DeltaGenerator, name: str, words: dict[str, str], key: str
) -> str:
    """One of a few words, or all; empty for all."""
    picked = place.selectbox(
        name, [_ALL, *words], format_func=lambda item: words.get(item, "All"), key=key
    )
    return "" if picked == _ALL else str(picked)


def _rule(page: Context, asked: Asked) -> str:
    """A rule that speaks of any return of the kind, so that it can be followed over time."""
    rows = of_asked(record_rules.counts(page.key), asked)
    names = sorted(set(rows["rule"] + " " + rows["severity"]))
    texts = record_rules.texts(page.key)
    view_state.keep_valid("quality_rule", ["", *names], "")
    picked = st.selectbox(
        "Rule",
        ["", *names],
        format_func=lambda item: _rule_label(item, texts),
        key="quality_rule",
    )
    return str(picked or "")


def _rule_label(rule: str, texts: Mapping[str, tuple[str, str]]) -> str:
    if not rule:
        return "All rules"
    return f"{rule.partition(' ')[0]}: {texts.get(rule, ('', ''))[0]}"
