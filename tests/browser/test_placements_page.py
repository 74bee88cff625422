"""Placements and inclusion in a real browser: shares, map, places, scenarios, phone and paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from dashboards.accessibility import FAULTS
from tests.browser.conftest import Visit, visiting
from tests.browser.test_pages import HEADING, faults_on, text_of

pytestmark = pytest.mark.browser

OFFICER = "placements?role=officer&council=999"


def titles(page: Page) -> list[str]:
    return page.locator(HEADING).all_inner_texts()


def test_the_page_begins_with_the_share_england_and_the_gap_in_children(visit: Visit) -> None:
    page = visit.open("placements")
    assert page.locator("h1").inner_text() == "Placements and inclusion"
    shown = text_of(page)
    assert "35.1% of Staffordshire's plans were in mainstream schools in January 2026" in shown
    assert "England's share was 45.5%" in shown
    assert "1,032 more children would have to be in mainstream schools" in shown
    assert visit.errors == []


def test_the_definitions_stand_beside_each_other_with_what_differs(visit: Visit) -> None:
    page = visit.open("placements")
    assert any("definitions" in title for title in titles(page))
    shown = text_of(page)
    assert "Leaves out children placed in independent mainstream schools." in shown
    assert "mainstream classes only" in shown


def test_what_it_would_take_is_said_where_england_is_out_of_reach(visit: Visit) -> None:
    page = visit.open("placements")
    assert "What it would take to equal England's share" in titles(page)
    assert re.search(r"by January 2027: (out of reach|\d+% of new plans)", text_of(page))


def test_the_public_reads_that_districts_and_months_are_for_officers(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("placements?council=999")
        shown = text_of(page)
        assert "are for its officers" in shown
        assert "The months in which places are to open are for officers." in shown
        assert "When the places open" not in shown
        assert "map=" not in page.url
        assert visit.errors == []


def test_officers_see_the_map_and_choose_its_measure_in_the_link(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"{OFFICER}&map=special_share")
        assert "map=special_share" in page.url
        chart = page.locator("[data-testid=stPlotlyChart]", has_text="Brindlemoor").first
        assert "Hollendean" in chart.inner_text()
        assert "Each tile is one district" in text_of(page)
        broken = visit.open(f"{OFFICER}&map=no_such")
        assert "map=mainstream_share" in broken.url
        assert visit.errors == []


def test_officers_see_the_months_and_each_actions_own_part(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(OFFICER)
        found = titles(page)
        assert any(title.endswith("planned") for title in found)
        assert any(title.startswith("Together the actions") for title in found)
        assert page.get_by_role("heading", name="When the places open").count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_scrolls_sideways_and_every_chart_is_inside(
    browser: Browser, county_app: str, width: int
) -> None:
    with visiting(browser, county_app, viewport={"width": width, "height": 740}) as visit:
        for address in (OFFICER, "demand?role=officer&council=999&by=need"):
            page = visit.open(address)
            wide, seen = page.evaluate(
                "(() => { const main = document.querySelector('[data-testid=stMain]');"
                " return [main.scrollWidth, main.clientWidth]; })()"
            )
            assert wide <= seen, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours(browser: Browser, county_app: str, scheme: str) -> None:
    with visiting(browser, county_app, color_scheme=scheme) as visit:
        found = faults_on(visit.open(OFFICER))
        ours = {
            fault
            for fault in found
            if not any(fault[0] == known.rule and known.target in fault[1] for known in FAULTS)
        }
        assert not ours
