"""Pictures of every page for the documents: at 1280 pixels, in the dark, on a phone, and in print.

At 1280 pixels and in print a page is drawn to its end, or as far as TALLEST; in the dark and on a
phone, its top as a reader first sees it.

    python bench/pictures.py --workspace DIR [--council 999] [--out docs/images] [--only NAME]

DIR holds a published release, of the sample county as `send demo` makes it; nothing is written to
it. Needs Chromium, as the browser tests do. docs/pages.md shows what is drawn here.
"""

from __future__ import annotations

import argparse
import os
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
from pages import ARGUMENTS, PATIENCE_MS, SETTLED, running
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

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
WIDE, PHONE, SHEET = (1280, 1600), (360, 1200), (794, 1123)
# Of a whole page, in pixels: the list of all measures would be ten times as long, and say no more.
TALLEST = 3 * SHEET[1]
# While a page is asleep it hears of no change of its size.
ASLEEP = """
const sleep = event => window.isAsleep && event.stopImmediatePropagation();
window.addEventListener('resize', sleep, true);
const Awake = window.ResizeObserver;
window.ResizeObserver = class extends Awake {
  constructor(told) { super((...seen) => window.isAsleep || told(...seen)); }
};
"""
# Of a picture's 256 colours those that are kept as they are, the most used.
FLAT = 96
# Dots an inch of the printed report: enough to be read on a screen.
DOTS = 110


def main() -> None:
    """Draw every page in its four forms, and the report."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--workspace", type=Path, required=True)
    asked.add_argument("--council", default=SAMPLE_COUNTY)
    asked.add_argument("--out", type=Path, default=PROJECT_ROOT / "docs" / "images")
    asked.add_argument("--only", choices=PAGES, help="one page alone, and no report")
    given = asked.parse_args()
    names = {"SEND_WORKSPACE": str(given.workspace.resolve()), "SEND_COUNCIL": given.council}
    given.out.mkdir(parents=True, exist_ok=True)
    kept = {name: at for name, at in PAGES.items() if given.only in (None, name)}
    addresses = {name: at.format(council=given.council) for name, at in kept.items()}
    app = PROJECT_ROOT / "dashboards" / "app.py"
    with running(app, **names) as (base, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=ARGUMENTS
        )
        for ending, size, scheme in (
            ("", WIDE, "light"),
            ("-dark", WIDE, "dark"),
            ("-phone", PHONE, "light"),
        ):
            _draw(browser, base, addresses, given.out, ending, size, scheme)
        _print(browser, base, addresses, given.out)
        browser.close()
    if not given.only:
        os.environ.update(names)
        _keep(_report(given.council), given.out / "one-page-report.png")


def _draw(
    browser: Browser,
    base: str,
    addresses: dict[str, str],
    out: Path,
    ending: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    """Every page at one size and in one scheme of colours; wide and light, to its end."""
    profile = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    page = profile.new_page()
    for name, address in addresses.items():
        page.set_viewport_size({"width": size[0], "height": size[1]})
        _open(page, f"{base}/{address}")
        if not ending:
            _stretch(page, size)
        _keep(page.screenshot(), out / f"{name}{ending}.png")
    profile.close()


def _stretch(page: Page, size: tuple[int, int]) -> None:
    """A window as tall as the page in it, which scrolls inside the window and not with it."""
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size[0], "height": min(max(tall, size[1]), TALLEST)})
    page.wait_for_timeout(700)


def _open(page: Page, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector(".sm-footer", timeout=PATIENCE_MS)
    page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    # The last of the charts moves its labels into place after it is drawn.
    page.wait_for_timeout(700)


def _print(browser: Browser, base: str, addresses: dict[str, str], out: Path) -> None:
    """Every page as it comes out of a printer on A4, up to three sheets of it.

    It is drawn on a screen first, and then laid out for paper with its scripts asleep, as a browser
    prints: a chart keeps the size that it had on the screen.
    """
    profile = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en-GB")
    page = profile.new_page()
    page.add_init_script(ASLEEP)
    for name, address in addresses.items():
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        _open(page, f"{base}/{address}")
        page.evaluate("window.isAsleep = true")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": SHEET[0], "height": SHEET[1]})
        page.wait_for_timeout(700)
        _keep(page.screenshot(full_page=True), out / f"{name}-print.png")
    profile.close()


def _keep(picture: bytes, path: Path) -> None:
    """Write a picture in 256 colours, because the repository keeps every picture.

    What is flat keeps its very colour: a line of a chart, a mark of a status, the ground. The soft
    edges of letters, which are of very many colours, take the nearest.
    """
    whole = Image.open(BytesIO(picture)).convert("RGB")
    drawn = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    colours, counts, where = _colours(drawn)
    flat = colours[np.argsort(-counts, kind="stable")[:FLAT]]
    soft = drawn.quantize(256 - FLAT, method=Image.Quantize.FASTOCTREE).getpalette() or []
    kept = np.concatenate([flat, np.array(soft, dtype=np.int64).reshape(-1, 3)])
    nearest = ((colours[:, None] - kept[None]) ** 2).sum(axis=2).argmin(axis=1)
    written = Image.fromarray(nearest[where].astype(np.uint8))
    written.putpalette(kept.astype(np.uint8).tobytes())
    written.save(path, optimize=True)


def _colours(drawn: Image.Image) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The colours of a picture, how many pixels each has, and which of them each pixel has."""
    red, green, blue = (np.asarray(drawn)[:, :, band].astype(np.int64) for band in range(3))
    packed = (red << 16) + (green << 8) + blue
    found, where, counts = np.unique(packed, return_inverse=True, return_counts=True)
    bands = np.stack([found >> 16, (found >> 8) & 255, found & 255], axis=1)
    return bands, counts, where.reshape(packed.shape)


def _report(la_code: str) -> bytes:
    """The one-page report as a picture."""
    from dashboards.context import over
    from dashboards.overview import councils, overview
    from dashboards.reports.one_page import content, pictured
    from dashboards.role import Role
    from pipelines.release.reader import current_release
    from pipelines.settings import load_settings

    settings = load_settings()
    release = current_release(settings.workspace)
    if release is None:
        raise SystemExit("nothing has been published in this workspace")
    page = over(settings, release, Role.CABINET)
    (whose,) = [council for council in councils(page) if council.la_code == la_code]
    return pictured(content(page, overview(page, whose)), DOTS)


if __name__ == "__main__":
    main()
