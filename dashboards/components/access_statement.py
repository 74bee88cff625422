"""The accessibility statement: made from the tests' own record, never written by hand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards.accessibility import FAULTS, Results, results
from dashboards.components import html
from dashboards.context import Context
from dashboards.role import WORDS, Role
from dashboards.words import accessibility as words
from pipelines.registry.council import council


def statement(context: Context) -> None:
    """Aim, tests with their day, what they found, what they cannot find, and whom to tell."""
    found = results()
    st.header("Accessibility", anchor=False)
    st.html(
        html.paragraphs(words.AIM, *_tested(found))
        + _faults()
        + html.paragraphs(words.LIMITS)
        + _contact(context)
        + _enforcement()
    )
    st.html(html.table(_pages(found), "Pages tested", ("Checks that held", "Controls", "Charts")))


def _tested(found: Results) -> list[str]:
    """What the record tells, sentence by sentence."""
    pages = list(found.pages.values())
    count = len(pages)
    faults = [fault.what for fault in FAULTS]
    return [
        words.tested(found.tested_on, found.axe, found.browser, found.framework, count),
        words.outcome(faults, count, min(page.checks_passed for page in pages)),
        words.width(max(page.narrowest for page in pages)),
        words.keyboard(_sum([page.controls for page in pages])),
        words.charts(sum(page.charts for page in pages)),
        words.motion(is_still=all(page.is_still for page in pages)),
    ]


def _sum(controls: list[int]) -> int:
    """The controls of all pages; none where a page was not walked through."""
    return sum(controls) if all(controls) else 0


def _contact(context: Context) -> str:
    """How the council that publishes these pages can be told: as its own settings say."""
    said = council(context.settings.council_folder).accessibility_contact
    ways = said.ways if said else []
    items = "".join(f"<li>{kind}: {_link(address, text)}</li>" for kind, text, address in ways)
    listed = f"<ul>{items}</ul>" if items else ""
    return html.paragraphs(words.contact(is_named=bool(ways))) + listed


def _enforcement() -> str:
    advice = _link(words.ADVICE_ADDRESS, words.ADVICE)
    law = _link(words.REGULATIONS_ADDRESS, words.REGULATIONS)
    return f"<p>{words.enforcement(advice, law)}</p>"


def _link(address: str, text: str) -> str:
    return f'<a href="{html.escape(address, quote=True)}">{html.escape(text)}</a>'


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
                "Controls": str(page.controls or "not counted"),
                "Charts": str(page.charts),
            }
            for page in found.pages.values()
        ]
    )
