"""Faults of the framework that the pages cannot mend, with the day each was last seen.

The browser tests allow exactly these and fail on a fault that is gone; the page About the measures
prints them. A fault of our own never goes on this list: it is mended.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault of Streamlit's own markup.

    Attributes:
        rule: axe-core's id of the rule.
        target: part of the CSS selector of the element it is found on.
        what: what a reader meets, in plain words.
        seen: day and version of the last test that found it.
    """

    rule: str
    target: str
    what: str
    seen: str


# The last full run of the browser tests, in light and dark, with what they ran on.
LAST_TESTED = "22 November 2026, with axe-core in Chromium and Streamlit 1.67"

FAULTS: tuple[Fault, ...] = ()
