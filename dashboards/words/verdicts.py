"""The verdicts on public statements, in words."""

from __future__ import annotations

from collections.abc import Iterable

from dashboards import formats

VERDICTS: dict[str, str] = {
    "confirmed": "Confirmed",
    "out_of_date": "Out of date",
    "different_bases": "Compares different years or definitions",
    "not_borne_out": "Not borne out",
    "not_testable": "Not testable with the data held",
}
MEANINGS: dict[str, str] = {
    "confirmed": "The published figures say the same, on the basis stated.",
    "out_of_date": "It was true at an earlier date; newer figures say something else.",
    "different_bases": "Each figure is right, but they are not alike; the like-for-like pair "
    "stands beside it.",
    "not_borne_out": "The published figures say something else.",
    "not_testable": "No data held here can test it; the page says which data would.",
}


def verdict_words(verdict: str) -> str:
    """The verdict as it is shown; an unknown one as it stands."""
    return VERDICTS.get(verdict, verdict)


def summary(verdicts: Iterable[str]) -> str:
    """A title of ten words at most: how many statements the data confirm."""
    found = list(verdicts)
    testable = [verdict for verdict in found if verdict != "not_testable"]
    if not testable and len(found) == 1:
        return "The one statement cannot be tested yet"
    if not testable:
        return f"None of {formats.plural(len(found), 'statement')} can be tested yet"
    confirmed = testable.count("confirmed")
    return f"{confirmed} of {formats.plural(len(testable), 'testable statement')} confirmed"
