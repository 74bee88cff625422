"""The walk by keyboard and the look for motion find what is wrong with a page made for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import assert_untroubled, visiting
from tests.browser.states import ABOUT, TABLE, Shown, assert_first_screen, moving, stuck, walk

pytestmark = pytest.mark.browser

RING = "<style>:focus-visible { outline: 3px solid black; }</style>"
GOOD = "<button>one</button><a href='#two'>two</a><input aria-label='three'>"
CHART = Shown(
    stem="plans",
    finding="Plans rose",
    spoken="Plans rose. England.",
    tabs=("Chart", TABLE, ABOUT),
    rows=3,
    files=2,
    source="Source: DfE. Release 2026-11-23.",
    notes="The vertical axis runs from 0 to 300. [b] Break at 2023: New. [c] Confidential.",
    axis=("The vertical axis runs from 0 to 300",),
    symbols=("[c]", "[b] 2023"),
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 360, "height": 740})
    yield opened
    opened.close()


def test_a_page_on_which_every_control_is_reached_and_seen_passes(page: Page) -> None:
    page.set_content(RING + GOOD)
    walked = walk(page)
    assert (walked.controls, walked.missed, walked.unseen) == (3, [], [])
    assert moving(page) == []


@pytest.mark.parametrize(
    "wrong",
    ["<button tabindex='-1'>lost</button>", "<div role='button'>lost</div>"],
    ids=["taken-out", "never-in"],
)
def test_a_control_that_tab_does_not_reach_is_missed(page: Page, wrong: str) -> None:
    page.set_content(RING + GOOD + wrong)
    (lost,) = walk(page).missed
    assert "lost" in lost


@pytest.mark.parametrize(
    ("event", "asking"),
    [
        ("request", "<img alt='' src='http://elsewhere.invalid/a.png'>"),
        ("websocket", "<script>new WebSocket('ws://elsewhere.invalid')</script>"),
    ],
)
def test_a_page_that_asks_another_host_is_refused(
    browser: Browser, event: str, asking: str
) -> None:
    with (
        pytest.raises(AssertionError, match=r"elsewhere\.invalid"),
        visiting(browser, "http://127.0.0.1") as visit,
        visit.page.expect_event(event),
    ):
        visit.page.set_content(asking)


def test_an_error_in_the_log_of_an_app_is_told(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("The pages are at http://127.0.0.1:1\n", encoding="utf-8")
    assert_untroubled(log)
    log.write_text("Ready\nTraceback (most recent call last):\nKeyError: 'x'\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="KeyError"):
        assert_untroubled(log)


def test_a_control_without_an_outline_is_unseen(page: Page) -> None:
    page.set_content(f"{RING}{GOOD}<button style='outline: none'>bare</button>")
    found = walk(page)
    assert found.missed == []
    assert found.unseen
    assert all("bare" in each for each in found.unseen)


def test_what_moves_is_found_though_it_is_no_element_of_its_own(page: Page) -> None:
    turn = "@keyframes turn { to { rotate: 1turn; } }"
    page.set_content(
        f"<style>{turn} b {{ transition: color 1s; }}"
        " i::after { content: 'x'; animation: turn 2s infinite; }</style><b>b</b><i>i</i>"
    )
    assert len(moving(page)) == 2


def test_a_group_in_which_the_arrow_key_goes_nowhere_is_stuck(page: Page) -> None:
    page.set_content(
        "<main data-testid='stMain'><div role='tablist'><button role='tab'>one</button>"
        "<button role='tab'>two</button></div></main>"
    )
    assert stuck(page) == ["[role=tablist]"]


def test_a_finding_below_the_first_screen_is_refused(page: Page) -> None:
    lead = "<div class='st-key-sm-lead'>Plans rose.</div>"
    page.set_content(f"<main data-testid='stMain'>{lead}</main>")
    assert_first_screen(page)
    for wrong in (f"<div style='height: 740px'></div>{lead}", "<p>No finding.</p>"):
        page.set_content(f"<main data-testid='stMain'>{wrong}</main>")
        with pytest.raises(AssertionError):
            assert_first_screen(page)


@pytest.mark.parametrize(
    "fault",
    [
        {"finding": ""},
        {"spoken": "A chart."},
        {"tabs": ("Chart", TABLE)},
        {"rows": 0},
        {"files": 1},
        {"source": ""},
        {"notes": ""},
        {"axis": ("The vertical axis runs from 0 to 200",)},
        {"axis": ("Bars start at zero.",)},
        {"symbols": ("[x]",)},
        {"symbols": ("[b] 2019",)},
    ],
    ids=lambda fault: next(iter(fault)),
)
def test_a_chart_that_lacks_something_is_told(fault: dict[str, object]) -> None:
    assert CHART.lacks() == []
    assert replace(CHART, **fault).lacks()  # type: ignore[arg-type]
