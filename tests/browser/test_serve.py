"""`send serve` in a real browser: signing in, every page under our headers, and being sent away."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboards.serving.access import EXPIRED, NO_ROLE, REMOVED, SIGNED_OUT
from dashboards.serving.refusals import NOT_HERE, NOT_YOURS, WORDS
from dashboards.serving.server import pages_of
from pipelines.settings import DEFAULT_COUNCIL, PROJECT_ROOT, SAMPLE_COUNTY, Settings
from tests.browser.conftest import PATIENCE_MS, Visit, visiting
from tests.browser.test_pages import WCAG
from tests.integration.pseudonyms import as_shown, pseudonyms
from tests.integration.serving import Served, served, signed

OUT_MS = 60_000
PAGES = sorted(pages_of(Settings(PROJECT_ROOT)))
NARROW = {"width": 360, "height": 740}
# Where whoever is refused for a reason has gone, if not to the first page.
ASKED = {NOT_YOURS: "/evidence", NOT_HERE: "/nowhere"}
# From where the provider's own form has its style sheet.
OF_THE_PROVIDER = frozenset({"cdn.jsdelivr.net"})
# All that a page can leave in a browser, but for cookies, as one text.
STORED = """async () => {
  const rows = [];
  for (const {name} of await indexedDB.databases()) {
    const base = await new Promise((done, fail) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
    for (const store of base.objectStoreNames) {
      rows.push(await new Promise((done, fail) => {
        const asked = base.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done([name, store, asked.result]);
        asked.onerror = () => fail(asked.error);
      }));
    }
  }
  const kept = await Promise.all((await caches.keys()).map(async name =>
    (await (await caches.open(name)).keys()).map(asked => asked.url)));
  const workers = (await navigator.serviceWorker.getRegistrations()).map(found => found.scope);
  return JSON.stringify([{...localStorage}, {...sessionStorage}, rows, kept, workers]);
}"""


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


def give(page: Page, subject: str) -> None:
    """Fill in the provider's form."""
    asked = page.locator("input[name=sub]")
    asked.fill(subject)
    page.locator("form").filter(has=asked).locator("button").first.click()


def enter(visit: Visit, subject: str) -> None:
    """Sign in by hand: our page, the provider's form, and back."""
    page = visit.page
    page.goto(visit.base)
    assert page.get_by_role("heading", level=1).inner_text() == "Sign in to read these pages"
    page.get_by_role("link", name="Sign in").click()
    give(page, subject)
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
        asked = go(visit, "compare?measure=plans_maintained").url
        assert "/compare?measure=plans_maintained" in asked
        doors.remove("leaver")
        visit.page.get_by_role("heading", name="Your access has ended").wait_for(timeout=OUT_MS)
        assert visit.page.locator(".sm-footer").count() == 0
        assert visit.page.url == asked
    doors.remove()


def test_signing_out_by_the_link_ends_the_sign_in(browser: Browser, doors: Served) -> None:
    with visiting(browser, doors.base, beside=OF_THE_PROVIDER) as visit:
        enter(visit, "cabinet")
        cookies = {cookie["name"]: cookie["value"] for cookie in visit.page.context.cookies()}
        assert doors.get("/", cookies).status == 200
        visit.page.get_by_role("link", name="Sign out").click()
        expect(visit.page.locator(".sm-footer")).to_have_count(0, timeout=PATIENCE_MS)
        assert doors.get("/", cookies).status == 401


def test_whoever_signs_in_stands_on_the_page_that_was_asked_for(
    browser: Browser, doors: Served
) -> None:
    asked = f"{doors.base}/compare?measure=plans_maintained"
    with visiting(browser, doors.base, beside=OF_THE_PROVIDER) as visit:
        visit.page.goto(asked)
        visit.page.get_by_role("link", name="Sign in").click()
        give(visit.page, "cabinet")
        expect(visit.page).to_have_url(asked, timeout=PATIENCE_MS)
        settle(visit)
        assert "compare" in visit.page.url
        assert "send_return" not in {cookie["name"] for cookie in visit.page.context.cookies()}
        go(visit, "")
        assert visit.page.url.rstrip("/") == doors.base


def test_whoever_reads_an_open_page_and_signs_in_stands_on_it_again(
    browser: Browser, sample_workspace: Path, tmp_path: Path
) -> None:
    """Among public pages the browser moves without asking the server for each of them."""
    with (
        served(sample_workspace, tmp_path, DEFAULT_COUNCIL, public_pages=True) as public,
        visiting(browser, public.base, beside=OF_THE_PROVIDER) as visit,
    ):
        page = go(visit, "")
        page.get_by_role("link", name="Statements checked").click()
        expect(page).to_have_url(f"{public.base}/statements", timeout=PATIENCE_MS)
        page.get_by_test_id("stButtonGroup").get_by_role("button").first.click()
        expect(page).to_have_url(re.compile(r"/statements\?verdict="), timeout=PATIENCE_MS)
        settle(visit)
        asked = page.url
        page.get_by_role("link", name="Sign in").click()
        give(page, "cabinet")
        expect(page).to_have_url(asked, timeout=PATIENCE_MS)
        page.get_by_text("Signed in: Cabinet and public").wait_for(timeout=PATIENCE_MS)


def test_an_address_that_is_not_there_leads_back_to_the_pages(
    browser: Browser, doors: Served
) -> None:
    with visiting(browser, doors.base) as visit:
        enter(visit, "cabinet")
        visit.page.goto(f"{doors.base}/nowhere")
        heading = visit.page.get_by_role("heading", level=1)
        assert heading.inner_text() == "There is no page at this address"
        visit.page.get_by_role("link", name="Go to the first page").click()
        settle(visit)
        assert visit.page.url.rstrip("/") == doors.base


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("reason", [SIGNED_OUT, EXPIRED, NO_ROLE, REMOVED, NOT_YOURS, NOT_HERE])
def test_the_page_that_stands_in_place_of_the_pages_is_for_everybody(
    browser: Browser, doors: Served, reason: str, scheme: str
) -> None:
    options = {"viewport": NARROW, "color_scheme": scheme, "bypass_csp": True}
    with visiting(browser, doors.base, **options) as visit:
        page = visit.page
        for name, value in bearing(doors, reason).items():
            page.context.add_cookies([{"name": name, "value": value, "url": doors.base}])
        page.goto(doors.base + ASKED.get(reason, ""))
        status, title, _, way = WORDS[reason]
        assert way is not None
        assert page.get_by_role("heading", level=1).inner_text() == title
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        back = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        text = page.evaluate("getComputedStyle(document.body).color")
        assert is_dark(text) is (scheme == "light"), (text, back)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert [violation["id"] for violation in found.response["violations"]] == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == way[1]
        assert {error for error in visit.errors if str(status) not in error} == set()
    doors.remove()


def bearing(doors: Served, reason: str) -> dict[str, str]:
    """The cookies of somebody who is refused for this reason."""
    claims = {"origin": doors.base, "is_logged_in": True, "sub": "x", "roles": ["SEND.Officer"]}
    if reason == EXPIRED:
        return signed(json.dumps(claims), doors.key, time.time() - 9 * 3600)
    if reason == NO_ROLE:
        return doors.sign_in("visitor")
    if reason == REMOVED:
        doors.remove("x")
    if reason in (REMOVED, NOT_YOURS):
        return signed(json.dumps(claims), doors.key, time.time())
    return {}


def is_dark(colour: str) -> bool:
    """Whether 'rgb(0, 0, 0)' is nearer to black than to white."""
    parts = colour[colour.index("(") + 1 : -1].split(",")[:3]
    return sum(float(part) for part in parts) < 3 * 128


def test_an_officers_visit_leaves_no_child_in_the_browser(
    browser: Browser, county_workspace: Path, tmp_path: Path
) -> None:
    children = {name.decode() for name in as_shown(pseudonyms(county_workspace))}
    with (
        served(county_workspace, tmp_path, SAMPLE_COUNTY) as county,
        visiting(browser, county.base, bypass_csp=True) as visit,
    ):
        enter(visit, "officer")
        page = go(visit, "timeliness?cases=every")
        seen = page.locator("[data-testid=stMain]").inner_text()
        assert any(child in seen for child in children)
        for name in PAGES:
            if name not in {"overview", "evidence"}:
                go(visit, name)
        kept = page.evaluate(STORED) + json.dumps(page.context.cookies())
        assert county.base.removeprefix("http://").split(":")[0] in kept
        assert {child for child in children if child in kept} == set()
