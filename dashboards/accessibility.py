"""What the browser tests found of the pages' accessibility, and faults that the pages cannot mend.

The tests write accessibility.yml on demand (`make accessibility`), and the page About the measures
makes its statement from it. A page that was changed since, or any part that pages are made of, has
another fingerprint than what was tested, and a test says so. The browser tests allow exactly the
faults listed here and fail on one that is gone. A fault of our own never goes on the list: it is
mended.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.registry.strict import Strict, load

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "accessibility.yml"
# What decides on the look and the words of every page: single files, and folders of parts. The
# framework's options lie beside this folder.
_FILES = (
    *("app.py", "changed.py", "context.py", "formats.py", "latest.py", "overview.py", "theme.py"),
    *("style.css", "style_dark.css", "../.streamlit/config.toml"),
)
_PARTS = ("charts/*.py", "components/*.py", "words/*.py", "assets/*")


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
        fingerprint: of the page's script, and of what all pages share, at the time.
        read_as: the roles it was opened as, in light; as the last of them in dark too.
        checks_passed: rules of axe-core that applied and held, the fewest of any state.
        narrowest: width in pixels at which nothing had to be scrolled sideways.
        controls: reached by the Tab key, each with an outline, every part of the page unfolded.
        charts: found with their finding for a listener, their table and their files.
        is_still: whether nothing moved for a reader who asks for less motion.
    """

    title: str
    fingerprint: str
    read_as: tuple[str, ...]
    checks_passed: int
    narrowest: int
    controls: int = 0
    charts: int = 0
    is_still: bool = False


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
    """Of a page's own script and all that pages share, by the page's name in the address."""
    digest = hashlib.sha256()
    shared = [FOLDER / name for name in _FILES]
    parts = [path for pattern in _PARTS for path in sorted(FOLDER.glob(pattern))]
    for path in (FOLDER / "views" / f"{page}.py", *shared, *parts):
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
