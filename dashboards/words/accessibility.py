"""The accessibility statement in sentences, from what the tests found and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards import formats

AIM = (
    "These pages are made to meet the Web Content Accessibility Guidelines 2.2, level AA. Each "
    "chart has a text that states its finding and a table with the same figures. No meaning is "
    "carried by colour alone. Everything can be reached by keyboard."
)
LIMITS = (
    "A machine finds some kinds of fault and not others. The pages have not yet been tested by "
    "people who use screen readers, magnifiers or voice control, nor by an outside auditor."
)
REPORT = (
    "If you cannot read or use something here, tell the council that publishes these pages, and "
    "say which page and what you use to read it."
)


def tested(day: object, axe: str, browser: str, framework: str, pages: int) -> str:
    """When the pages were last tested, by what, and how many."""
    return (
        f"Last tested on {formats.day(day)}: {formats.plural(pages, 'page')}, in light and in dark "
        f"mode, with axe-core {axe} in {browser}, on {framework}."
    )


def outcome(faults: Sequence[str], pages: int, fewest: int) -> str:
    """What the tests found. faults: what a reader meets, of the framework's own."""
    held = f"On every page at least {fewest} kinds of check applied, and all of them held."
    if not faults:
        return f"No fault was found on any of the {pages} pages. {held}"
    count = formats.plural(len(faults), "fault")
    verb = "is" if len(faults) == 1 else "are"
    return f"{count} that the tests know {verb} listed below. {held}"


def width(narrowest: int) -> str:
    """What was tested of narrow screens and large print."""
    zoom = f", as wide as a screen of {narrowest * 4:,} pixels at 400% zoom"
    return f"At a width of {narrowest} pixels{zoom}, no page has to be scrolled sideways."
