"""What the rules found in the rows of the council's own returns: over time, by rule, row by row."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.charts.history import history_bars
from dashboards.components import html, view_state
from dashboards.components.chart_panel import Panel, chart_panel
from dashboards.components.failing_rows import failing_part
from dashboards.components.finding_filters import Asked, choose, newest_return, of_asked, tally
from dashboards.components.received import kind_words
from dashboards.context import Context
from dashboards.queries import record_rules
from dashboards.words import record_rules as words
from dashboards.words.titles import alt_text
from pipelines.registry.council import council

HEADING = "What the rules found in the council's own returns"
NONE = "This release holds no finding on the rows of a return."
# Of months, a year and one more are drawn; the table has all.
_MOST_DRAWN = 13
_NOUGHT = (
    "Nought means that the rule found nothing, or that it did not apply to the return of that year."
)


def record_findings_part(page: Context, name: str) -> None:
    """Filters, history, rules or rows. For officers: the caller asks. name: of the page."""
    st.header(HEADING, anchor=False)
    returns = record_rules.returns(page.key)
    if returns.empty:
        st.info(NONE)
        return
    st.html(html.paragraphs(words.STATUS_MEANINGS, css="sm-note"))
    asked = choose(page, returns, name)
    role = council(page.settings.council_folder).finding_owners.get(asked.kind, "")
    st.html(html.paragraphs(words.owner(formats.lower_first(kind_words(asked.kind)), role)))
    counts = record_rules.counts(page.key)
    history = history_of(returns, of_asked(counts, asked), asked.kind)
    chart_panel(page, _figure(page, history), _panel(asked, history), None, is_part=True)
    at_page = ""
    if asked.rule:
        at_page = failing_part(page, asked)
    else:
        _rules_table(page, counts, asked)
    _explanations(page, asked)
    view_state.write(name, asked.parameters() | {"page": at_page})


_ABOUT = (
    "A finding is one row, or one child, of which a rule of the return says that it is wrong or "
    "should be looked at. What each rule says stands in the table below."
)
_SOURCE = (
    "Source: the council's own returns, checked by this product's rules as they were taken in. "
    "Exact numbers, for officers only."
)


def standing(page: Context) -> str:
    """What is open in the newest return, by weight; empty where no return was judged."""
    returns = record_rules.returns(page.key)
    if returns.empty:
        return ""
    kind, _, vintage = newest_return(returns).partition(":")
    counts = record_rules.counts(page.key)
    kept = counts[
        (counts["kind"] == kind)
        & (counts["vintage"] == vintage)
        & (counts["finding_status"] == "open")
    ]
    return words.standing(Asked(kind, vintage).label, tally(kept, "severity"))


def history_of(returns: pd.DataFrame, counts: pd.DataFrame, kind: str) -> pd.DataFrame:
    """One row an edition of this kind, the newest first: vintage, edition, open, explained, fixed.

    An edition without a finding is a row of noughts.
    """
    rows = []
    for vintage in returns.loc[returns["kind"] == kind, "vintage"].iloc[::-1]:
        of_this = counts[counts["vintage"] == vintage]
        count = words.count_of(tally(of_this, "finding_status"))
        rows.append(
            {
                "vintage": vintage,
                "edition": words.edition(vintage),
                **{status: getattr(count, status) for status in words.STATUSES},
            }
        )
    return pd.DataFrame(rows)


def _figure(page: Context, history: pd.DataFrame) -> object:
    return history_bars(history.head(_MOST_DRAWN), page.palette, words.STATUSES)


def _panel(asked: Asked, history: pd.DataFrame) -> Panel:
    place = list(history["vintage"]).index(asked.vintage)
    now = _count(history, place)
    is_first = place + 1 == len(history)
    before = None if is_first else _count(history, place + 1)
    earlier = "" if is_first else str(history["vintage"].iloc[place + 1])
    title = words.title(asked.rule_id, asked.vintage, now)
    which = f"rule {asked.rule_id}" if asked.rule else "all rules"
    weight = f", weight: {words.WEIGHTS[asked.severity].lower()}" if asked.severity else ""
    subtitle = f"Findings of {which}{weight}, {kind_words(asked.kind)}"
    held = len(history)
    drawn = f"Drawn are the newest {_MOST_DRAWN} of {held}; the table has all."
    table = history[["edition", *words.STATUSES]].rename(columns={"edition": "Edition"})
    table = table.rename(columns=words.STATUSES).map(_text)
    return Panel(
        title=title,
        subtitle=subtitle,
        alt=alt_text(title, subtitle, []),
        notes=(
            words.change(now, before, asked.vintage, earlier),
            drawn if held > _MOST_DRAWN else "",
            "Bars start at zero.",
            _NOUGHT,
            _ABOUT,
            _SOURCE,
        ),
        table=table,
        numbers=tuple(words.STATUSES.values()),
        data=history,
        stem="rule-history",
    )


def _count(history: pd.DataFrame, place: int) -> words.Count:
    return words.count_of({status: int(history[status].iloc[place]) for status in words.STATUSES})


def _text(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _rules_table(page: Context, counts: pd.DataFrame, asked: Asked) -> None:
    """The rules that speak of the chosen return, errors first, each with its counts by status."""
    kept = of_asked(counts, asked)
    kept = kept[kept["vintage"] == asked.vintage]
    if asked.status:
        kept = kept[kept["finding_status"] == asked.status]
    texts = record_rules.texts(page.key)
    rows = []
    for (severity, rule), of_rule in kept.groupby(["severity", "rule"], sort=True):
        count = words.count_of(tally(of_rule, "finding_status"))
        rows.append(
            {
                "Rule": rule,
                "Weight": words.WEIGHTS[str(severity)],
                "What is wrong": texts.get(f"{rule} {severity}", ("", ""))[0],
                "Open": f"{count.open:,}",
                "Explained": f"{count.explained:,}",
                "Fixed": f"{count.fixed:,}",
            }
        )
    heading = f"{formats.plural(len(rows), 'rule')} with findings: {asked.label}"
    st.subheader(heading, anchor=False)
    if not rows:
        st.html(html.paragraphs("No rule has such a finding in this return."))
        return
    numbers = tuple(words.STATUSES.values())
    st.html(html.table(pd.DataFrame(rows), heading, numbers, is_caption_shown=False))
    st.html(html.paragraphs("Choose a rule above to see its rows and what to do.", css="sm-note"))


def _explanations(page: Context, asked: Asked) -> None:
    """Who explained what, by role and day, and of how many findings."""
    held = record_rules.explanations(page.key, asked.kind, asked.vintage)
    if held.empty or asked.status in ("open", "fixed"):
        return
    kept = held[held["rule"] + " " + held["severity"] == asked.rule] if asked.rule else held
    if asked.severity:
        kept = kept[kept["severity"] == asked.severity]
    if kept.empty:
        return
    table = pd.DataFrame(
        {
            "Rule": kept["rule"],
            "Why it is right as it stands": kept["explanation"],
            "Decided by": kept["decided_by_role"],
            "On": [formats.day(day) for day in kept["decided_date"]],
            "Findings": [f"{count:,}" for count in kept["finding_count"]],
        }
    )
    heading = f"Explanations: {asked.label}"
    st.subheader(heading, anchor=False)
    st.html(html.table(table, heading, ("Findings",), is_caption_shown=False))
