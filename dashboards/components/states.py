"""What a reader sees when there is no release, an old one, a sample, or a fault."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
import streamlit as st

from dashboards import formats
from dashboards.components import html
from dashboards.components.footer import SOURCES
from dashboards.context import Context
from dashboards.queries import cases, held
from dashboards.queries.frozen import records
from dashboards.role import Role, chosen
from dashboards.serving import connections
from dashboards.words.sources import SAMPLE
from dashboards.words.stale import Own, Published, council_sentence, publisher_sentence
from pipelines.errors import SendError

# To readers who cannot mend it: no command, no file, no place on a server.
NOT_NOW = (
    "Please try again in a while. If this lasts, tell the council's team for special educational "
    "needs."
)
# So many periods of revised figures are named one by one.
_MOST_NAMED = 3
_TITLE = "The figures cannot be shown"
_TITLE_NOT_NOW = f"{_TITLE} just now"


def empty() -> None:
    """No release yet: the commands to run, in order."""
    if not _can_mend():
        _not_now()
        return
    st.title("Nothing has been published yet", anchor=False)
    st.markdown(
        "The pages read a published release, and this workspace has none. "
        "In a terminal, in the project's folder, run:"
    )
    st.code(
        'send build\nsend publish --approved-by "Your name" --reason "First release"',
        language=None,
    )
    st.markdown(
        "`send build` uses the headline figures that come with the product. To use the DfE's whole "
        "release, first run `send ingest` with the zip file you downloaded. Then load this page "
        "again."
    )


def without_figures() -> None:
    """A release that holds no figure of any measure: every page would be blank."""
    if not _can_mend():
        _not_now()
        return
    st.title("This release holds no figures", anchor=False)
    st.markdown(
        "It was built from files in which no measure was found. See `send releases list`, go back "
        "to an earlier one with `send releases rollback`, or take in other files and build again."
    )


def problem(error: SendError) -> None:
    """A fault that a person can mend, in the error's own words, to those who can mend it."""
    if not _can_mend():
        _not_now()
        return
    st.title(_TITLE, anchor=False)
    st.error(error.what)
    if error.where:
        st.markdown(f"Where: `{error.where}`")
    if error.remedy:
        st.markdown(f"What to do: {error.remedy}")


def _can_mend() -> bool:
    """Whoever runs the pages on their own machine; of those who sign in, not the public."""
    return not connections.is_guarded() or chosen() is not Role.CABINET


def _not_now() -> None:
    st.title(_TITLE_NOT_NOW, anchor=False)
    st.html(html.paragraphs(NOT_NOW))


def sample_banner(page: Context) -> None:
    """Says on every page which figures are not real, and where the sample's time ends."""
    said = sample_words(page)
    if said:
        st.warning(said)


def sample_words(page: Context) -> str:
    """Which figures are not real, and where the sample's time ends; nothing outside a sample.

    Nobody will take in a later file of it: it is not out of date, it is read as on its last day.
    """
    if not page.facts.get("is_sample"):
        return ""
    newest = _own(page).newest
    time = f"The county's time ends with {formats.month(newest)}: what is due later is to come."
    return f"{SAMPLE} {time}" if newest else SAMPLE


def stale_banner(page: Context) -> None:
    """Says on every page which figures end although newer ones should be there."""
    said = stale(page, page.read_on)
    if said:
        st.info("\n\n".join(said))


def stale(page: Context, on: date) -> list[str]:
    """What should be in the release by a day and is not, one sentence each."""
    said = [publisher_sentence(published, on) for published in _published(page)]
    if not page.facts.get("is_sample"):
        council = str(page.facts.get("council_name") or "The council")
        said.append(council_sentence(_own(page), council, on))
    return [text for text in said if text]


def _published(page: Context) -> list[Published]:
    return [
        Published(
            source=row["source"],
            name=SOURCES.get(row["source"], row["source"]),
            stock=row["stock"],
            flow=row["flow"],
            next_updates=tuple(row["next_updates"]),
        )
        for row in records(held.published(page.key))
    ]


def _own(page: Context) -> Own:
    """The newest of the council's own files, with its day in a file that holds the returns."""
    own = Own(*held.own(page.key))
    found = cases.newest(page.key, page.own_la_code)
    is_newest = found is not None and f"{found[0]:%Y-%m}" == own.newest
    return Own(own.extract, own.returned, found[0]) if found and is_newest else own


def symbols_line(symbols: Iterable[str]) -> str:
    """The symbols on the screen with their meaning, as one sentence each."""
    known = [symbol for symbol in formats.SYMBOLS if symbol in set(symbols)]
    return " ".join(f"[{symbol}] {formats.SYMBOLS[symbol]}." for symbol in known)


def symbols_of(frame: pd.DataFrame) -> tuple[str, ...]:
    """What stands for a missing figure in a chart's rows, and which figures were revised.

    frame: columns line, period, period_label, symbol and is_revised.
    """
    rows = frame[frame["is_revised"].fillna(False).astype(bool)].sort_values("period")
    line = symbols_line(frame["symbol"].dropna())
    if rows.empty:
        return (line,)
    lines: dict[str, list[str]] = {}
    for name, own in rows.groupby("line", sort=False):
        lines.setdefault(_periods(own), []).append(str(name))
    every = frame["line"].nunique()
    parts = [
        periods if len(names) == every else f"{formats.listed(names)} {periods}"
        for periods, names in lines.items()
    ]
    word, _, meaning = formats.SYMBOLS["r"].partition(": ")
    return (line, f"[r] {word} ({'; '.join(parts)}): {meaning}.")


def _periods(rows: pd.DataFrame) -> str:
    """'January 2024 and January 2025'; of many, how many between the first and the last."""
    labels = list(dict.fromkeys(rows["period_label"]))
    if len(labels) <= _MOST_NAMED:
        return formats.listed(labels)
    return f"{len(labels)} periods from {labels[0]} to {labels[-1]}"
