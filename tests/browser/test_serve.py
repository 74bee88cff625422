"""`send serve` in a real browser: signing in, every page under our headers, and being sent away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboards.serving.server import pages_of
from pipelines.settings import DEFAULT_COUNCIL, PROJECT_ROOT, Settings
from tests.browser.conftest import PATIENCE_MS, Visit, visiting
from tests.integration.serving import Served, served

OUT_MS = 60_000
PAGES = sorted(pages_of(Settings(PROJECT_ROOT)))


@pytest.fixture(scope="module")
def doors(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("browser-doors")
    with served(sample_workspace, folder, DEFAULT_COUNCIL) as found:
        yield found


def settle(visit: Visit) -> None:
    """Wait until the page rests, without a script of our own: the guard's policy allows none."""
    visit.page.locator(".sm-footer").wait_for(timeout=PATIENCE_MS)
    for part in ("stStatusWidget", "stSkeleton"):
        parts = visit.page.locator(f"[data-testid={part}]")
        expect(parts).to_have_count(0, timeout=PATIENCE_MS)


def go(visit: Visit, address: str) -> Page:
    visit.page.goto(f"{visit.base}/{address}", wait_until="domcontentloaded")
    settle(visit)
    return visit.page


def enter(visit: Visit, subject: str) -> None:
    """Sign in by hand: our page, the provider's form, and back."""
    page = visit.page
    page.goto(visit.base)
    assert page.get_by_role("heading", level=1).inner_text() == "Sign in to read these pages"
    page.get_by_role("link", name="Sign in").click()
    page.locator("input[name=sub]").fill(subject)
    page.locator("form").filter(has=page.locator("input[name=sub]")).locator("button").first.click()
    page.wait_for_url(f"{visit.base}/")
    settle(visit)
    # What the provider's own page did is not ours.
    visit.errors.clear()
    visit.hosts.clear()


def test_every_page_works_under_the_headers_of_the_guard(browser: Browser, doors: Served) -> None:
    with visiting(browser, doors.base) as visit:
        enter(visit, "auditor")
        for name in PAGES:
            go(visit, "" if name == "overview" else name)
            assert visit.page.get_by_role("heading", level=1).count() == 1, name
        assert visit.errors == []
        assert visit.hosts == {"localhost"}


def test_a_download_works_by_its_button(browser: Browser, doors: Served) -> None:
    with visiting(browser, doors.base) as visit:
        enter(visit, "cabinet")
        page = go(visit, "compare")
        page.get_by_role("tab", name="Table and download").first.click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Download the figures (CSV)").first.click()
        assert taken.value.path().read_bytes().startswith(b"\xef\xbb\xbf")


def test_whoever_is_removed_sees_why_without_a_click(browser: Browser, doors: Served) -> None:
    with visiting(browser, doors.base) as visit:
        enter(visit, "leaver")
        doors.remove("leaver")
        visit.page.get_by_role("heading", name="Your access has ended").wait_for(timeout=OUT_MS)
        assert visit.page.locator(".sm-footer").count() == 0
    doors.remove()


def test_signing_out_by_the_link_ends_the_sign_in(browser: Browser, doors: Served) -> None:
    with visiting(browser, doors.base) as visit:
        enter(visit, "cabinet")
        cookies = {cookie["name"]: cookie["value"] for cookie in visit.page.context.cookies()}
        assert doors.get("/", cookies).status == 200
        visit.page.get_by_role("link", name="Sign out").click()
        expect(visit.page.locator(".sm-footer")).to_have_count(0, timeout=PATIENCE_MS)
        assert doors.get("/", cookies).status == 401
