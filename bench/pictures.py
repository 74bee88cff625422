"""Pictures of every page for the documents: at 1280 pixels, in the dark, on a phone, and in print.

At 1280 pixels a page is drawn to its end, or to the foot of the last whole block by TALLEST; in the
dark and on a phone, its top as a reader first sees it; in print, its first sheets. What lies deeper
on a page, or has to be asked for, is a close-up.

    python bench/pictures.py --workspace DIR [--council 999] [--out docs/images] [--only NAME]

DIR holds a published release, of the sample county as `send demo` makes it; nothing is written to
it. Needs Chromium, as the browser tests do. docs/pages.md shows what is drawn here, and
docs/images/made_from.yml says from what.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pages import ARGUMENTS, PATIENCE_MS, SETTLED, running
from picture_files import Album, Box, foot, on_paper
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from pipelines.release.reader import Release, current_release
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY

# The name of each picture, and the address of its page after the council that is read.
PAGES = {
    "overview": "?council={council}",
    "delivery-plan": "delivery_plan",
    "delivery-plan-officer": "delivery_plan?role=officer",
    "demand": "demand",
    "timeliness": "timeliness",
    "timeliness-officer": "timeliness?role=officer",
    "placements": "placements",
    "placements-officer": "placements?role=officer",
    "early-support": "early_support",
    "early-support-officer": "early_support?role=officer",
    "compare": "compare",
    "statements": "statements",
    "data-quality": "data_quality",
    "data-quality-officer": "data_quality?role=officer",
    "evidence": "evidence?role=auditor",
    "about": "about",
}


@dataclass(frozen=True)
class CloseUp:
    """One part of a page.

    Attributes:
        address: of the page, as in PAGES.
        part: CSS selector. What holds a heading is pictured itself; of anything else the part that
            it stands in, from the heading above it to the next that is as high.
        opened: CSS selector of what is clicked on first, if anything is.
    """

    address: str
    part: str
    opened: str = ""


CLOSE_UPS = {
    "clearance": CloseUp("timeliness?role=officer&scenario=as-now", ".st-key-chart-backlog-fan"),
    "what-if": CloseUp(
        "timeliness?role=officer&staff=4&start=8", "h2:has-text('What would change it')"
    ),
    "open-cases": CloseUp("timeliness?role=officer", "h2:has-text('Open cases, one by one')"),
    "district-map": CloseUp("placements?role=officer", ".st-key-chart-placements-districts"),
    "scenarios": CloseUp("placements?role=officer", "[class*=st-key-chart-placements-scenario]"),
    "action-opened": CloseUp(
        "delivery_plan?role=officer",
        "[class*=st-key-action-] >> nth=0",
        "[class*=st-key-action-] summary >> nth=0",
    ),
    "failing-rows": CloseUp(
        "data_quality?role=officer&rule=REQ-16+error", "h3:has-text('Rows of')"
    ),
    "accessibility": CloseUp("about", "h2:has-text('Accessibility')"),
}
WIDE, PHONE = (1280, 1600), (360, 1200)
# Of a whole page, in pixels: the list of all measures would be ten times as long, and say no more.
TALLEST = 3369
CLOSE_TALLEST = 2250
# Round a close-up, in pixels, of the page's own margin.
MARGIN = 16
# A page that would lose more than this share of the limit ends between two rows, not two blocks.
MOST_LOST = 0.3
SHEETS = 2
# Dots an inch of the one-page report: enough to be read on a screen.
DOTS = 110
# While a page is asleep it hears of no change of its size.
ASLEEP = """
const sleep = event => window.isAsleep && event.stopImmediatePropagation();
window.addEventListener('resize', sleep, true);
const Awake = window.ResizeObserver;
window.ResizeObserver = class extends Awake {
  constructor(told) { super((...seen) => window.isAsleep || told(...seen)); }
};
"""
MAIN = "[data-testid=stMain]"
# Top and bottom of whatever a selector finds in the page's main part, and is drawn: what is folded
# away has a place too. A heading reaches into what follows it.
BOXES = f"""what => [...document.querySelector('{MAIN}').querySelectorAll(what)]
    .filter(node => node.checkVisibility())
    .map(node => [node.getBoundingClientRect(), /^H\\d/.test(node.tagName) ? 80 : 0])
    .filter(([box]) => box.height > 1).map(([box, more]) => [box.top, box.bottom + more])"""
ACTION = "[class*=st-key-action-]"
# A heading begins a block, and so does the frame of an action.
BLOCKS = f"h2, h3, {ACTION}"
ROWS = "tr, p, li, dt, dd, summary, h2, h3, .stPlotlyChart, .sm-card, .sm-claim"
# The box of an element that holds a heading; else from the heading above it to the next as high.
PART = f"""found => {{
    const main = document.querySelector('{MAIN}');
    const at = node => node.getBoundingClientRect();
    const column = at(main.querySelector('.stMainBlockContainer'));
    if (found.querySelector('h2, h3')) return [at(found).top, at(found).bottom, column.width];
    const headings = [...main.querySelectorAll('h2, h3')].filter(node => at(node).height > 1);
    const begins = headings.filter(node => at(node).top <= at(found).top + 1).at(-1);
    const next = headings.find(
        node => at(node).top > at(begins).top + 1 && node.tagName <= begins.tagName);
    const end = next || main.querySelector('.sm-footer');
    return [at(begins).top, at(end).top, column.width];
}}"""


def main() -> None:
    """Draw every page in its four forms, the close-ups, and the report."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--workspace", type=Path, required=True)
    asked.add_argument("--council", default=SAMPLE_COUNTY)
    asked.add_argument("--out", type=Path, default=PROJECT_ROOT / "docs" / "images")
    asked.add_argument(
        *("--only", "-o"),
        action="append",
        choices=[*PAGES, *CLOSE_UPS],
        help="this page or close-up, to try it: no report, and no record; may be repeated",
    )
    given = asked.parse_args()
    names = {"SEND_WORKSPACE": str(given.workspace.resolve()), "SEND_COUNCIL": given.council}
    os.environ.update(names)
    release = current_release(given.workspace.resolve())
    if release is None:
        raise SystemExit(f"nothing has been published in {given.workspace}")
    album = Album(given.out, release)
    wanted = given.only or [*PAGES, *CLOSE_UPS]
    pages = {name: at.format(council=given.council) for name, at in PAGES.items() if name in wanted}
    close = {name: part for name, part in CLOSE_UPS.items() if name in wanted}
    with _browsing(names) as (browser, base):
        _pages(browser, base, pages, album)
        _close_ups(browser, base, close, album)
        _print(browser, base, pages, album)
    if not given.only:
        album.keep("one-page-report", _opened(_report(release, given.council)))
        album.close(_views())


def _views() -> dict[str, str]:
    """The page of each picture, by its name in the address."""
    addresses = PAGES | {name: part.address for name, part in CLOSE_UPS.items()}
    return {name: at.partition("?")[0] or "overview" for name, at in addresses.items()}


@contextmanager
def _browsing(names: Mapping[str, str]) -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of the pages over a workspace."""
    app = PROJECT_ROOT / "dashboards" / "app.py"
    with running(app, **names) as (base, _), sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser, base
        browser.close()


@contextmanager
def _window(browser: Browser, size: tuple[int, int], *, is_dark: bool = False) -> Iterator[Page]:
    """A page in a fresh profile."""
    profile = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if is_dark else "light",
        locale="en-GB",
    )
    yield profile.new_page()
    profile.close()


def _pages(browser: Browser, base: str, addresses: Mapping[str, str], album: Album) -> None:
    """Every page on a screen: wide and light to its end, its top in the dark and on a phone."""
    for ending, size in (("", WIDE), ("-dark", WIDE), ("-phone", PHONE)):
        with _window(browser, size, is_dark=ending == "-dark") as page:
            for name, address in addresses.items():
                page.set_viewport_size({"width": size[0], "height": size[1]})
                _open(page, f"{base}/{address}")
                tall = size[1] if ending else _stretched(page, TALLEST)
                album.keep(f"{name}{ending}", _shot(page, 0, 0, size[0], tall))


def _open(page: Page, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector(".sm-footer", timeout=PATIENCE_MS)
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    # The last of the charts moves its labels into place after it is drawn.
    page.wait_for_timeout(700)


def _stretched(page: Page, limit: int) -> int:
    """A window as tall as the page in it, which scrolls inside the window and not with it.

    How much of it is pictured, in pixels.
    """
    tall = int(page.evaluate(f"document.querySelector('{MAIN}').scrollHeight"))
    page.set_viewport_size({"width": WIDE[0], "height": max(tall, WIDE[1])})
    page.wait_for_timeout(700)
    return max(tall, WIDE[1]) if tall <= limit else _foot(page, limit)


def _foot(page: Page, limit: float, start: float = 0, uncut: str = f"{ROWS}, {ACTION}") -> int:
    """Where to end a picture that would be too tall: between two blocks, else between two rows.

    uncut: CSS selector of what a picture does not end in.
    """
    boxes = [Box(*box) for box in page.evaluate(BOXES, uncut)]
    for what in (BLOCKS, ROWS):
        ends = foot([top for top, _ in page.evaluate(BOXES, what)], boxes, start + limit)
        if ends - start >= (1 - MOST_LOST) * limit:
            break
    return int(ends) - 8


def _close_ups(browser: Browser, base: str, parts: Mapping[str, CloseUp], album: Album) -> None:
    """Parts of pages, wide and light."""
    with _window(browser, WIDE) as page:
        for name, part in parts.items():
            page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
            _open(page, f"{base}/{part.address}")
            if part.opened:
                page.locator(part.opened).click()
                _settle(page)
            album.keep(name, _close_up(page, page.locator(part.part).first))


def _close_up(page: Page, part: Locator) -> Image.Image:
    part.wait_for(timeout=PATIENCE_MS)
    _stretched(page, TALLEST)
    top, bottom, width = part.evaluate(PART)
    left = WIDE[0] - width + MARGIN
    if bottom - top > CLOSE_TALLEST:
        bottom = _foot(page, CLOSE_TALLEST, top, ROWS)
    return _shot(page, left, top - MARGIN, width - 2 * MARGIN, bottom - top + MARGIN)


def _shot(page: Page, left: float, top: float, width: float, height: float) -> Image.Image:
    clip = {"x": left, "y": top, "width": width, "height": height}
    return _opened(page.screenshot(clip=clip))  # type: ignore[arg-type]


def _opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGB")


def _print(browser: Browser, base: str, addresses: Mapping[str, str], album: Album) -> None:
    """Every page as it comes out of a printer on A4.

    It is drawn on a screen first, and then laid out for paper with its scripts asleep, as a browser
    prints: a chart keeps the size that it had on the screen.
    """
    with _window(browser, WIDE) as page:
        page.add_init_script(ASLEEP)
        for name, address in addresses.items():
            _open(page, f"{base}/{address}")
            page.evaluate("window.isAsleep = true")
            printed = page.pdf(format="A4", prefer_css_page_size=True)
            album.keep(f"{name}-print", on_paper(printed, SHEETS))


def _report(release: Release, la_code: str) -> bytes:
    """The one-page report as a picture."""
    from dashboards.context import over
    from dashboards.overview import councils, overview
    from dashboards.reports.one_page import content, pictured
    from dashboards.role import Role
    from pipelines.settings import load_settings

    page = over(load_settings(), release, Role.CABINET)
    (whose,) = [council for council in councils(page) if council.la_code == la_code]
    return pictured(content(page, overview(page, whose)), DOTS)


if __name__ == "__main__":
    main()
