"""Pictures of every page for the documents: at 1280 pixels, in the dark, on a phone, and in print.

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
# Dots an inch of the printed report: enough to be read on a screen.
DOTS = 110


def main() -> None:
    """Draw every page in its three forms, and the two that are printed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--workspace", type=Path, required=True)
    asked.add_argument("--council", default=SAMPLE_COUNTY)
    asked.add_argument("--out", type=Path, default=PROJECT_ROOT / "docs" / "images")
    asked.add_argument("--only", choices=PAGES, help="one page alone, and nothing printed")
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
        if not given.only:
            _print(browser, f"{base}/{addresses['overview']}", given.out / "overview-print.png")
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
    """Every page at one size and in one scheme of colours, its top as a reader first sees it."""
    profile = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
    )
    page = profile.new_page()
    for name, address in addresses.items():
        _open(page, f"{base}/{address}")
        _keep(page.screenshot(), out / f"{name}{ending}.png")
    profile.close()


def _open(page: Page, address: str) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector(".sm-footer", timeout=PATIENCE_MS)
    page.wait_for_function(SETTLED, timeout=PATIENCE_MS)
    # The last of the charts moves its labels into place after it is drawn.
    page.wait_for_timeout(700)


def _print(browser: Browser, address: str, path: Path) -> None:
    """The first page as it comes out of a printer: one sheet of A4."""
    profile = browser.new_context(viewport={"width": SHEET[0], "height": SHEET[1]})
    page = profile.new_page()
    _open(page, address)
    page.emulate_media(media="print")
    page.wait_for_timeout(700)
    _keep(page.screenshot(), path)
    profile.close()


def _keep(picture: bytes, path: Path) -> None:
    """Write a picture in 128 colours: a page has few, and the repository keeps every picture."""
    Image.open(BytesIO(picture)).convert("RGB").quantize(128).save(path, optimize=True)


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
