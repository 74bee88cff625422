"""Every page opens, shows what the release holds, asks nobody else, and can be read by everyone."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from dashboards import formats
from dashboards.accessibility import FAULTS
from tests.browser.conftest import Visit, visiting
from tests.browser.states import assert_first_screen, constant

pytestmark = pytest.mark.browser

# Pages about one council say whose they are; one is for auditors alone.
OWN_HEADINGS = {
    "overview": "Staffordshire: the position",
    "delivery_plan": "Staffordshire: the delivery plan",
}
ADDRESSES = {"overview": "", "evidence": "evidence?role=auditor"}
# Every page of the app by its address, with its heading.
PAGES: dict[str, str] = {
    ADDRESSES.get(name, name): OWN_HEADINGS.get(name, title)
    for name, title in constant("PAGES").items()
}
HEADING = "[data-testid=stHeading] h2"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def kpi_values(
    run_send: Callable[..., subprocess.CompletedProcess[str]], workspace: Path, *words: str
) -> list[dict[str, Any]]:
    done = run_send(workspace, "kpi", *words, "--json")
    assert done.returncode == 0, done.stderr
    values: list[dict[str, Any]] = json.loads(done.stdout)["values"]
    assert values
    return values


def text_of(page: Page) -> str:
    return page.locator("[data-testid=stMain]").inner_text()


def main_chart_alt(page: Page) -> str:
    return page.locator("[data-testid=stPlotlyChart]").first.evaluate(
        "node => [...node.querySelectorAll('[aria-label]'), node]"
        ".map(item => item.getAttribute('aria-label') || '').join(' ')"
    )


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_without_an_error_asks_nobody_else_and_names_its_release(
    visit: Visit, address: str
) -> None:
    page = visit.open(address)
    assert page.locator("h1").inner_text() == PAGES[address]
    assert page.locator("h1").count() == 1
    assert not page.locator("[data-testid=stException], [data-testid=stAlertContentError]").count()
    assert visit.errors == []
    assert visit.hosts == {"127.0.0.1"}
    footer = page.locator(".sm-footer").inner_text()
    for part in ("Release ", "built ", "Data: ", "Open Government Licence v3.0"):
        assert part in footer


def test_the_overview_shows_the_figures_of_send_kpi(
    visit: Visit,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    sample_workspace: Path,
) -> None:
    values = kpi_values(run_send, sample_workspace, "plans_maintained", "--area", "E10000028")
    newest = max(values, key=lambda value: value["period"])
    page = visit.open("")
    card = page.locator(".sm-card", has_text=newest["title"]).first.inner_text()
    assert formats.number(newest["value"], newest["unit"], 0) in card
    assert newest["period_label"] in card


def test_compare_shows_every_period_of_send_kpi(
    visit: Visit,
    run_send: Callable[..., subprocess.CompletedProcess[str]],
    sample_workspace: Path,
) -> None:
    values = kpi_values(run_send, sample_workspace, "mainstream_share", "--area", "E10000028")
    page = visit.open("compare?measure=mainstream_share&area=E10000028")
    page.get_by_role("tab", name="Table and download").first.click()
    table = page.locator(".sm-table").first
    table.wait_for(state="visible")
    for value in values:
        row = table.locator("tr", has_text=value["period_label"]).inner_text()
        shown = formats.number(value["value"], value["unit"], 1, value["symbol"])
        assert shown in row, value


def test_a_link_restores_the_view_and_a_filter_changes_the_link(visit: Visit) -> None:
    link = "compare?measure=plans_maintained&area=E10000028&areas=none&average=median"
    page = visit.open(link)
    assert "Plans" in page.locator(HEADING).first.inner_text()
    lead = page.locator(".st-key-sm-lead")
    assert lead.inner_text().startswith("Staffordshire: plans maintained, 9,979 in January 2026, ")
    assert "In the same period: Median of neighbours" not in lead.inner_text()
    for part in ("measure=plans_maintained", "area=E10000028", "areas=none", "average=median"):
        assert part in page.url
    page.get_by_role("radio", name="Leave out").click()
    page.wait_for_url(re.compile("average=none"))
    visit.settle()
    again = visit.open(page.url.removeprefix(visit.base + "/"))
    chosen = again.get_by_role("radio", name="Leave out")
    assert chosen.get_attribute("aria-checked") == "true"
    assert "measure=plans_maintained" in again.url


def test_a_broken_link_opens_the_page_with_its_defaults(visit: Visit) -> None:
    page = visit.open("compare?measure=no_such&area=Z9&topic=Nothing&average=sum")
    assert page.locator("h1").inner_text() == "Compare"
    assert "measure=no_such" not in page.url
    assert visit.errors == []


def test_a_link_to_a_definition_shows_that_one(visit: Visit) -> None:
    page = visit.open("about?measure=plans_maintained")
    assert "Definition" in text_of(page)
    assert page.locator(HEADING).first.inner_text() == "Plans maintained"
    # The accessibility statement at its foot says who helps where the council does not.
    advice = page.get_by_role("link", name="Equality Advisory and Support Service")
    assert advice.get_attribute("href") == "https://www.equalityadvisoryservice.com/"


def test_statements_can_be_narrowed_by_verdict_and_the_link_says_so(visit: Visit) -> None:
    page = visit.open("statements")
    every = page.locator(".sm-claim").count()
    assert every >= 20
    page.get_by_role("button", name=re.compile("Not testable")).click()
    page.wait_for_url(re.compile("verdict=not_testable"))
    # The old list is taken away piece by piece: wait until what is left is what was asked for.
    page.wait_for_function(
        "wanted => { const shown = [...document.querySelectorAll('.sm-badge')];"
        " return shown.length > 0 && shown.every(item => item.innerText === wanted); }",
        arg="Not testable with the data held",
    )
    assert 0 < page.locator(".sm-claim").count() < every


def test_every_chart_says_its_finding_to_a_listener(visit: Visit) -> None:
    page = visit.open("")
    finding = page.locator(f".st-key-overview-screen {HEADING}").first.inner_text()
    assert finding in main_chart_alt(page)


def test_the_figures_and_their_meaning_can_be_taken_away(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("compare?measure=mainstream_share&area=E10000028")
    page.get_by_role("tab", name="Table and download").first.click()
    names = []
    for label in ("Download the figures (CSV)", "Download what they mean (text)"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).first.click()
        target = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(target)
        names.append(target)
    rows = names[0].read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("measure,unit,breakdown_topic,breakdown,area,")
    assert any("Staffordshire" in row for row in rows[1:])
    assert "Licence: Open Government Licence v3.0" in names[1].read_text(encoding="utf-8")
    assert re.fullmatch(r"compare-[0-9a-f]{8}\.csv", names[0].name)


def test_all_pages_can_be_reached_by_keyboard(visit: Visit) -> None:
    page = visit.open("")
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        link = page.evaluate(
            "document.activeElement.closest('[data-testid=stSidebarNavLink]')?.innerText ?? ''"
        )
        reached.add(link.strip())
    assert reached >= {
        "Overview",
        "Compare",
        "Statements checked",
        "Data quality",
        "About the measures",
    }
    page.get_by_role("link", name="Data quality").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("data_quality"))


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
def test_a_page_begins_with_its_finding_and_never_scrolls_sideways(
    browser: Browser, app: str, address: str, width: int, height: int
) -> None:
    with visiting(browser, app, viewport={"width": width, "height": height}) as visit:
        page = visit.open(address)
        assert_first_screen(page)
        wide, seen = page.evaluate(
            "(() => { const main = document.querySelector('[data-testid=stMain]');"
            " return [main.scrollWidth, main.clientWidth]; })()"
        )
        assert wide <= seen


def faults_on(page: Page) -> set[tuple[str, str]]:
    """What axe-core finds: (rule, selector) of every element."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    return {
        (violation["id"], " ".join(map(str, node["target"])))
        for violation in found.response["violations"]
        for node in violation["nodes"]
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_only_the_listed_faults_of_the_framework(
    browser: Browser, app: str, scheme: str
) -> None:
    seen: set[tuple[str, str]] = set()
    with visiting(browser, app, color_scheme=scheme) as visit:
        for address in PAGES:
            found = faults_on(visit.open(address))
            ours = {
                fault
                for fault in found
                if not any(fault[0] == known.rule and known.target in fault[1] for known in FAULTS)
            }
            assert not ours, (address, ours)
            seen |= found
    gone = [
        known
        for known in FAULTS
        if not any(rule == known.rule and known.target in target for rule, target in seen)
    ]
    assert not gone, "mended by the framework: take it off the list"


A4_INSIDE = {"width": 734, "height": 1062}  # 210 by 297 mm at 96 dots an inch, less 8 mm a side
FREEZE = (
    "document.querySelectorAll('.stPlotlyChart').forEach("
    "node => node.replaceWith(node.cloneNode(true)))"
)
RIGHT_EDGES = (
    "[...document.querySelectorAll('.stPlotlyChart text, .stPlotlyChart path, .sm-card')]"
    ".map(node => node.getBoundingClientRect()).filter(box => box.width).map(box => box.right)"
)


@pytest.mark.parametrize("width", [1280, 1920])
def test_on_paper_nothing_of_the_chart_is_cut_off(browser: Browser, app: str, width: int) -> None:
    """A browser prints the chart as it was drawn for the screen, so it is frozen here before."""
    with visiting(browser, app, viewport={"width": width, "height": 900}) as visit:
        page = visit.open("compare?measure=mainstream_share&area=E10000028")
        page.evaluate(FREEZE)
        page.set_viewport_size(A4_INSIDE)  # type: ignore[arg-type]
        page.emulate_media(media="print")
        label = page.locator(".stPlotlyChart text", has_text="Staffordshire").last
        box = label.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= A4_INSIDE["width"]
        edges = page.evaluate(RIGHT_EDGES)
        assert edges
        assert max(edges) <= A4_INSIDE["width"]
        assert not page.locator("[data-testid=stSidebar]").is_visible()


@pytest.mark.parametrize("width", [1280, 1920])
def test_on_paper_no_card_of_the_overview_is_cut_off(
    browser: Browser, app: str, width: int
) -> None:
    with visiting(browser, app, viewport={"width": width, "height": 900}) as visit:
        page = visit.open("")
        page.set_viewport_size(A4_INSIDE)  # type: ignore[arg-type]
        page.emulate_media(media="print")
        edges = page.evaluate(RIGHT_EDGES)
        assert len(edges) >= 6
        assert max(edges) <= A4_INSIDE["width"]
        assert not page.locator(".stPlotlyChart").first.is_visible()


def sheets(page: Page) -> int:
    """How many sheets of A4 a page takes in print."""
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize(
    ("whose", "address"),
    [
        ("app", ""),
        ("county_app", ""),
        ("county_app", "?council=999"),
        ("county_app", "?council=999&role=officer"),
    ],
)
def test_the_overview_prints_on_one_sheet(
    browser: Browser, request: pytest.FixtureRequest, whose: str, address: str
) -> None:
    with visiting(browser, request.getfixturevalue(whose)) as visit:
        assert sheets(visit.open(address)) == 1


def test_the_page_compare_prints_on_one_sheet(browser: Browser, county_app: str) -> None:
    """Its rows of controls leave no gap, for which the footer would stand on a sheet of its own."""
    with visiting(browser, county_app) as visit:
        assert sheets(visit.open("compare")) == 1


def test_the_first_statement_begins_on_the_first_sheet(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("statements")
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        first = PdfReader(BytesIO(printed)).pages[0].extract_text()
        assert page.locator(".sm-claim").first.inner_text()[:30] in " ".join(first.split())


def test_a_table_with_hidden_columns_shows_an_edge_on_a_phone(browser: Browser, app: str) -> None:
    with visiting(browser, app, viewport={"width": 360, "height": 740}) as visit:
        page = visit.open("statements")
        wide = page.locator(".sm-scroll").first
        assert wide.evaluate("node => node.scrollWidth > node.clientWidth")
        assert "scroll" in wide.evaluate("node => getComputedStyle(node).backgroundAttachment")


def test_the_register_can_be_taken_away_with_its_verdicts(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("statements")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the figures (CSV)").last.click()
    target = tmp_path / "statements.csv"
    waiting.value.save_as(target)
    rows = target.read_text(encoding="utf-8-sig").splitlines()
    assert {"statement", "verdict", "value"} <= set(rows[0].split(","))
    assert any(row.startswith("C19,") and "different_bases" in row for row in rows[1:])
