"""The accessibility statement: made from the tests' own record, never written by hand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards.accessibility import FAULTS, Results, results
from dashboards.components import html
from dashboards.role import WORDS, Role
from dashboards.words import accessibility as words


def statement() -> None:
    """Aim, tests with their day, what they found, and what they cannot find."""
    found = results()
    st.header("Accessibility", anchor=False)
    count = len(found.pages)
    fewest = min(page.checks_passed for page in found.pages.values())
    narrowest = max(page.narrowest for page in found.pages.values())
    st.html(
        html.paragraphs(
            words.AIM,
            words.tested(found.tested_on, found.axe, found.browser, found.framework, count),
            words.outcome([fault.what for fault in FAULTS], count, fewest),
            words.width(narrowest),
        )
        + _faults()
        + html.paragraphs(words.LIMITS, words.REPORT)
    )
    st.html(html.table(_pages(found), "Pages tested", ("Checks that held",)))


def _faults() -> str:
    items = "".join(f"<li>{html.escape(f'{fault.what} ({fault.seen})')}</li>" for fault in FAULTS)
    return f"<p>Known faults, all in the framework:</p><ul>{items}</ul>" if items else ""


def _pages(found: Results) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Page": page.title,
                "Read as": ", ".join(WORDS[Role(role)] for role in page.read_as),
                "Checks that held": str(page.checks_passed),
            }
            for page in found.pages.values()
        ]
    )
