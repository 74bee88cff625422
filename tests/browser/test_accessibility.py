"""Every page in every role, in light and in dark, held against WCAG 2.2 AA; the record is kept.

A page is looked at as it opens, with every part unfolded, and with the account of each measure
shown; some are looked at again with an answer asked of them. In the dark an unfolded page is also
walked through by keyboard, by a reader who asks for less motion. What is unfolded, asked and walked
through takes minutes, and is left to `make accessibility` and `make test-long`: no page can change
without the former (tests/unit/dashboards/test_accessibility.py).

`make accessibility` lets these tests write dashboards/accessibility.yml, from which the pages make
their accessibility statement. Nothing is written where a test failed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboards.accessibility import FAULTS, RESULTS, fingerprint
from dashboards.role import Role
from dashboards.serving.rules import ONLY_FOR
from tests.browser.conftest import Visit, visiting
from tests.browser.states import (
    ABOUT,
    assert_first_screen,
    charts,
    constant,
    moving,
    show,
    stuck,
    unfold,
    walk,
)
from tests.browser.test_pages import WCAG

pytestmark = pytest.mark.browser

WRITE = "SEND_WRITE_ACCESSIBILITY"
# 1,280 pixels at 400% zoom.
NARROWEST = 320
HEADINGS = "[data-testid=stMain] :is(h1, h2, h3, h4, h5, h6)"
# Pages with an answer asked of them that brings parts of its own, and words that stand there then.
ANSWERS = {
    "data_quality?role=officer&rule=ACT-15+query": "First found in",
    "timeliness?role=officer&staff=1": "Changed from now on: 1 more case finished a week.",
    "timeliness?role=officer&cases=every": "Days left",
}


PAGES: dict[str, str] = constant("PAGES")


def roles_of(name: str) -> tuple[str, ...]:
    """The roles whose page differs: an auditor sees the public's figures but for two pages."""
    if name in ONLY_FOR:
        return (Role.AUDITOR.value,)
    both = (Role.CABINET.value, Role.OFFICER.value)
    return (Role.AUDITOR.value, *both) if name == "data_quality" else both


@dataclass
class Record:
    """What the run saw, kept where it saw everything."""

    held: dict[tuple[str, str, str], int] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    charts: dict[str, int] = field(default_factory=dict)
    controls: dict[str, int] = field(default_factory=dict)
    axe: str = ""
    browser: str = ""

    def keep(self, name: str, role: str, scheme: str, answer: dict[str, Any]) -> None:
        """One page that held, with what it was at the time."""
        self.held[name, role, scheme] = len(answer["passes"])
        self.seen.setdefault(name, set()).add(fingerprint(name))
        self.axe = answer["testEngine"]["version"]

    @property
    def is_whole(self) -> bool:
        """Whether every page held in every state, and none was changed meanwhile."""
        light = {(name, role, "light") for name in PAGES for role in roles_of(name)}
        is_deep = set(self.charts) == set(self.controls) == set(PAGES)
        is_steady = all(len(prints) == 1 for prints in self.seen.values())
        return (
            is_deep
            and is_steady
            and set(self.held) == light | {(name, roles_of(name)[-1], "dark") for name in PAGES}
        )

    def write(self) -> None:
        pages = {
            name: {
                "title": title,
                "fingerprint": next(iter(self.seen[name])),
                "read_as": list(roles_of(name)),
                "checks_passed": min(
                    count for (page, _, _), count in self.held.items() if page == name
                ),
                "narrowest": NARROWEST,
                "controls": self.controls[name],
                "charts": self.charts[name],
                # A page on which something moves does not get here.
                "is_still": True,
            }
            for name, title in PAGES.items()
        }
        found = {
            "tested_on": date.today(),
            "axe": self.axe,
            "browser": f"Chromium {self.browser}",
            "framework": f"Streamlit {version('streamlit')}",
            "rules": WCAG,
            "pages": pages,
        }
        head = "# Written by `make accessibility`. Do not edit.\n"
        RESULTS.write_text(head + yaml.safe_dump(found, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="module")
def record() -> Iterator[Record]:
    kept = Record()
    yield kept
    if os.environ.get(WRITE) and kept.is_whole:
        kept.write()


def opened(visit: Visit, name: str, role: str) -> Page:
    address = "" if name == "overview" else name
    return visit.open(f"{address}?role={role}")


def held(page: Page) -> dict[str, Any]:
    """axe-core's whole answer on a page, on which it finds no fault but those listed."""
    answer: dict[str, Any] = (
        Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
    )
    found = {
        (violation["id"], " ".join(map(str, node["target"])))
        for violation in answer["violations"]
        for node in violation["nodes"]
    }
    ours = {
        fault
        for fault in found
        if not any(fault[0] == known.rule and known.target in fault[1] for known in FAULTS)
    }
    assert not ours
    assert len(answer["passes"]) > 15
    return answer


def held_unfolded(visit: Visit, *, is_last: bool) -> int:
    """The charts, each whole, of a page that holds in every state that it can be brought to.

    is_last: of the roles that read the page: what a measure counts is the same for all of them.
    """
    unfold(visit)
    held(visit.page)
    found = charts(visit.page)
    assert [fault for chart in found for fault in chart.lacks()] == []
    if is_last and show(visit, ABOUT):
        held(visit.page)
    return len(found)


def assert_in_order(page: Page, name: str) -> None:
    """One title, headings that leave out no level, a name in the browser's list, a main part."""
    levels = [
        int(node.evaluate("node => node.tagName")[1])
        for node in page.locator(HEADINGS).all()
        if node.is_visible()
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert page.title() == f"{PAGES[name]} - SEND Monitor"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("main").count() == 1


def assert_fits(page: Page) -> None:
    """The finding stands first on a phone; nothing has to be scrolled sideways at 400% zoom."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(300)
    assert_first_screen(page)
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    page.wait_for_timeout(500)
    wide, seen = page.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]');"
        " return [main.scrollWidth, main.clientWidth]; })()"
    )
    assert wide <= seen


READ = [(name, role) for name in PAGES for role in roles_of(name)]


@pytest.mark.long
@pytest.mark.parametrize(("name", "role"), READ)
def test_a_page_can_be_read_by_everyone(
    browser: Browser, county_app: str, record: Record, name: str, role: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = opened(visit, name, role)
        answer = held(page)
        assert_in_order(page, name)
        assert_first_screen(page)
        assert_fits(page)
        assert visit.errors == []
        record.keep(name, role, "light", answer)
        record.browser = browser.version


@pytest.mark.long
@pytest.mark.parametrize(("name", "role"), READ)
def test_every_part_of_a_page_can_be_read_by_everyone(
    browser: Browser, county_app: str, record: Record, name: str, role: str
) -> None:
    with visiting(browser, county_app) as visit:
        opened(visit, name, role)
        count = held_unfolded(visit, is_last=role == roles_of(name)[-1])
        assert visit.errors == []
        record.charts[name] = max(count, record.charts.get(name, 0))


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_in_the_dark(
    browser: Browser, county_app: str, record: Record, name: str
) -> None:
    role = roles_of(name)[-1]
    with visiting(browser, county_app, color_scheme="dark") as visit:
        record.keep(name, role, "dark", held(opened(visit, name, role)))


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_used_by_keyboard_without_motion(
    browser: Browser, county_app: str, record: Record, name: str
) -> None:
    asked = {"color_scheme": "dark", "reduced_motion": "reduce"}
    with visiting(browser, county_app, **asked) as visit:
        page = opened(visit, name, roles_of(name)[-1])
        unfold(visit)
        held(page)
        assert moving(page) == []
        walked = walk(page)
        assert walked.missed == []
        assert walked.unseen == []
        assert walked.controls > 12
        assert stuck(page) == []
        record.controls[name] = walked.controls


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ANSWERS)
def test_a_page_can_be_read_with_an_answer_asked_of_it(
    browser: Browser, county_app: str, address: str, scheme: str
) -> None:
    with visiting(browser, county_app, color_scheme=scheme) as visit:
        page = visit.open(address)
        assert page.get_by_text(ANSWERS[address]).first.is_visible()
        held(page)
        assert visit.errors == []
