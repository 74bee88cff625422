"""What a reader sees when there is no release, an old one, a sample, or a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import streamlit as st

from dashboards import formats
from pipelines.errors import SendError

# On every page and in every report of the sample county.
SAMPLE = (
    "Sample data: the sample county never existed and none of its figures is real. "
    "Figures of other authorities, regions and England are as published."
)


def empty() -> None:
    """No release yet: the commands to run, in order."""
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
    st.title("This release holds no figures", anchor=False)
    st.markdown(
        "It was built from files in which no measure was found. See `send releases list`, go back "
        "to an earlier one with `send releases rollback`, or take in other files and build again."
    )


def problem(error: SendError) -> None:
    """A fault that a person can mend, in the error's own words."""
    st.title("The figures cannot be shown", anchor=False)
    st.error(error.what)
    if error.where:
        st.markdown(f"Where: `{error.where}`")
    if error.remedy:
        st.markdown(f"What to do: {error.remedy}")


def sample_banner(facts: Mapping[str, object]) -> None:
    """Says on every page which figures are not real."""
    if facts.get("is_sample"):
        st.warning(SAMPLE)


def stale_banner(overdue: list[str]) -> None:
    """Says which update was due and is not in the release."""
    if overdue:
        st.info(
            f"New figures were due by {overdue[-1]} and are not in this release yet. "
            "What you see may be out of date."
        )


def overdue_updates(next_updates: Iterable[str], today: date) -> list[str]:
    """The months, oldest first, in which an update was due and has not come.

    next_updates: texts such as 'June 2027'; a text that is no month and year is passed over. An
    update is overdue once its whole month has gone by.
    """
    months = {month for month in map(_month, next_updates) if month}
    return [f"{m:%B %Y}" for m in sorted(months) if (m.year, m.month) < (today.year, today.month)]


def _month(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%B %Y").date()
    except ValueError:
        return None


def symbols_line(symbols: Iterable[str]) -> str:
    """The symbols on the screen with their meaning, as one sentence each."""
    known = [symbol for symbol in formats.SYMBOLS if symbol in set(symbols)]
    return " ".join(f"[{symbol}] {formats.SYMBOLS[symbol]}." for symbol in known)
