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
    """How many statements there are, how many can be tested, and how many the data confirm."""
    found = list(verdicts)
    testable = sum(verdict != "not_testable" for verdict in found)
    confirmed = found.count("confirmed")
    if len(found) == 1:
        state = (
            "cannot be tested yet" if not testable else f"is {'' if confirmed else 'not '}confirmed"
        )
        return f"The one statement {state}"
    every = formats.plural(len(found), "statement")
    if not testable:
        return f"None of {every} can be tested yet"
    held = f"{confirmed or 'none'} {'are' if confirmed > 1 else 'is'} confirmed"
    if testable == len(found):
        return f"All {every} can be tested; {held}"
    return f"Of {every}, {testable} can be tested; {held}"
