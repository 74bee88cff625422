"""What the browser tests found of the pages' accessibility, and faults that the pages cannot mend.

The tests write accessibility.yml on demand (`make accessibility`), and the page About the measures
makes its statement from it. A page that was changed since has another fingerprint than the one that
was tested, and a test says so. The browser tests allow exactly the faults listed here and fail on
one that is gone. A fault of our own never goes on the list: it is mended.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.registry.strict import Strict, load

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "accessibility.yml"
# What decides on the look of every page.
_STYLES = ("style.css", "style_dark.css")


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


FAULTS: tuple[Fault, ...] = ()


class PageResult(Strict):
    """One page as it was tested.

    Attributes:
        title: as the list of pages names it.
        fingerprint: of the page's script and the style sheets at the time.
        read_as: the roles it was opened as, in light; as the last of them in dark too.
        checks_passed: rules of axe-core that applied and held, the fewest of any state.
        narrowest: width in pixels at which nothing had to be scrolled sideways.
    """

    title: str
    fingerprint: str
    read_as: tuple[str, ...]
    checks_passed: int
    narrowest: int


class Results(Strict):
    """The last whole run."""

    tested_on: date
    axe: str
    browser: str
    framework: str
    rules: tuple[str, ...]
    pages: dict[str, PageResult]


def results() -> Results:
    """What the last run of the tests wrote.

    Raises:
        RegistryError: the file is missing or has an unknown key.
    """
    return load(Results, RESULTS)


def fingerprint(page: str) -> str:
    """Of a page's own script and the style sheets, by the page's name in the address."""
    digest = hashlib.sha256()
    for name in (f"views/{page}.py", *_STYLES):
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()[:16]
