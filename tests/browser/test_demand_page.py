"""Demand in a real browser: its figures, its filters, what is hidden, and who may see districts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from dashboards.accessibility import FAULTS
from tests.browser.conftest import Visit, visiting
from tests.browser.test_pages import HEADING, faults_on, main_chart_alt, text_of

pytestmark = pytest.mark.browser

DISTRICTS = "Figures by district come from the council's own returns and are for its officers"


def test_the_page_begins_with_the_finding_over_published_facts(visit: Visit) -> None:
    page = visit.open("demand")
    assert page.locator("h1").inner_text() == "Demand"
    shown = text_of(page)
    assert "Staffordshire maintained 9,979 plans in January 2026, 1,518 more" in shown
    assert "More children with needs" not in shown
    assert "What became of requests for an assessment" in shown
    assert visit.errors == []


def test_a_chosen_count_stands_in_the_link_and_the_link_restores_it(visit: Visit) -> None:
    page = visit.open("demand?count=requests")
    assert "count=requests" in page.url
    assert "Requests rose to 2,427" in page.locator(HEADING).first.inner_text()
    assert "Requests" in main_chart_alt(page)


def test_a_broken_link_opens_the_page_with_its_defaults(visit: Visit) -> None:
    page = visit.open("demand?count=nothing&by=colour&council=000")
    assert "count=plans" in page.url
    assert "colour" not in page.url
    assert visit.errors == []


def test_hidden_groups_have_a_symbol_and_no_district_is_public(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("demand?council=999&count=plans&by=ethnicity")
        assert "by=ethnicity" in page.url
        shown = text_of(page)
        assert "Hidden [c]:" in shown
        assert DISTRICTS in shown
        chart = page.locator("[data-testid=stPlotlyChart]").nth(1)
        assert "[c]" in chart.inner_text()
        public = visit.open("demand?council=999&count=plans&by=district")
        assert "by=district" not in public.url
        assert visit.errors == []


def test_officers_choose_districts_and_the_role_stays_in_the_link(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("demand?role=officer&council=999&count=plans&by=district")
        assert "by=district" in page.url
        assert "role=officer" in page.url
        shown = text_of(page)
        assert "Brindlemoor" in shown
        assert DISTRICTS not in shown
        assert visit.errors == []


def test_the_sample_can_be_left_for_published_figures(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("demand")
        assert "council=999" in page.url
        page.get_by_role("radio", name=re.compile("Staffordshire")).click()
        page.wait_for_url(re.compile("council=860"))
        # The address changes first: the sentence is drawn once the figures are read.
        page.get_by_text("Staffordshire maintained").wait_for()
        assert not page.get_by_text("Sample county maintained").count()
        assert visit.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours(browser: Browser, county_app: str, scheme: str) -> None:
    with visiting(browser, county_app, color_scheme=scheme) as visit:
        found = faults_on(visit.open("demand?role=officer&council=999&by=need"))
        ours = {
            fault
            for fault in found
            if not any(fault[0] == known.rule and known.target in fault[1] for known in FAULTS)
        }
        assert not ours
