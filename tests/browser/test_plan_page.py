"""The delivery plan in a browser: rows, filters in the address, what opens, and who sees what."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboards.accessibility import FAULTS
from dashboards.words.milestone import STATUSES
from tests.browser.conftest import Visit, visiting
from tests.browser.test_pages import WCAG, main_chart_alt, text_of

pytestmark = pytest.mark.browser

PLAN = "delivery_plan"
OFFICER = f"{PLAN}?role=officer"
LABEL = "Charts, milestones in full and sources"


def open_first(visit: Visit) -> Page:
    """Open the first action and wait until its chart stands."""
    page = visit.page
    page.locator("[data-testid=stExpander] summary").first.click()
    page.locator("[data-testid=stExpanderDetails] .stPlotlyChart").first.wait_for()
    visit.settle()
    return page


def statuses(page: Page) -> list[str]:
    return [
        text.split(maxsplit=1)[1]
        for text in page.locator(".sm-milestones .sm-status").all_inner_texts()
    ]


def test_every_action_is_a_row_with_owner_measure_milestones_and_status(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(PLAN)
        rows = page.locator(".sm-action")
        assert rows.count() >= 9
        for row in rows.all():
            text = row.inner_text()
            assert "Owner: " in text
            assert row.locator(".sm-path-value").count() >= 1
            assert row.locator(".sm-status").count() >= 1
        assert set(statuses(page)) <= {status.word for status in STATUSES.values()}
        assert {"Met", "Missed"} <= set(statuses(page))
        assert visit.errors == []


def test_the_counts_at_the_top_are_those_of_the_rows(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(PLAN)
        shown = statuses(page)
        for item in page.locator(".sm-standing li").all():
            count, _, word = item.inner_text().split(maxsplit=2)
            known = [status.word for status in STATUSES.values() if word.startswith(status.word)]
            assert shown.count(known[0]) == int(count)


def test_a_filter_changes_the_address_and_the_address_restores_the_filter(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"{PLAN}?priority=places&status=met")
        assert [head.inner_text() for head in page.locator("h3").all()] == [
            "Create places in mainstream schools for children with a plan"
        ]
        page.get_by_role("combobox", name="Actions with a milestone that is").click()
        page.get_by_role("option", name="Of any status").click()
        page.wait_for_function("!location.search.includes('status=')")
        visit.settle()
        assert "priority=places" in page.url
        expect(page.locator(".sm-action")).to_have_count(3)


def test_a_link_with_unknown_filters_shows_the_whole_plan(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"{PLAN}?priority=no-such&status=lost")
        assert page.locator(".sm-action").count() >= 9
        assert "no-such" not in page.url


def test_an_action_opens_to_a_chart_a_table_of_milestones_and_sources(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        visit.open(OFFICER)
        page = open_first(visit)
        opened = page.locator("[data-testid=stExpanderDetails]").first
        finding = opened.locator("h3").first.inner_text()
        assert finding in main_chart_alt(page)
        assert len(finding.split()) <= 10
        assert "Milestones: " in opened.inner_text()
        assert "Stated in" in opened.inner_text()
        opened.get_by_role("tab", name="Table and download").first.click()
        table = opened.locator(".sm-table").first
        table.wait_for(state="visible")
        assert "Milestone" in table.inner_text()
        assert visit.errors == []


def test_what_documents_reported_is_for_everybody_and_the_others_are_told_what_is_not(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        assert "Latest comment:" in text_of(visit.open(OFFICER))
        public = text_of(visit.open(PLAN))
        assert "Latest comment:" in public
        assert "Report on the delivery plan of the sample county" in public
        assert "is for the council's officers" in public


def test_a_chance_by_the_queue_names_what_it_takes_to_hold_and_everybody_sees_the_other(
    browser: Browser, county_app: str
) -> None:
    holds, otherwise = "if this holds: the extra team stays", "as in the past year), by the"
    with visiting(browser, county_app) as visit:
        public = visit.open(PLAN).locator("[data-testid=stMain]").inner_text()
        officer = visit.open(OFFICER).locator("[data-testid=stMain]").inner_text()
    assert (holds in public, holds in officer) == (True, True)
    assert (otherwise in public, otherwise in officer) == (True, True)
    for text in (public, officer):
        assert "901:" not in text
        assert "timeliness_20_week" not in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_of_ours_with_an_action_open(
    browser: Browser, county_app: str, scheme: str
) -> None:
    with visiting(browser, county_app, color_scheme=scheme) as visit:
        visit.open(OFFICER)
        page = open_first(visit)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        ours = [
            (violation["id"], " ".join(map(str, node["target"])))
            for violation in found.response["violations"]
            for node in violation["nodes"]
            if not any(
                violation["id"] == known.rule and known.target in " ".join(map(str, node["target"]))
                for known in FAULTS
            )
        ]
        assert not ours


def test_on_a_phone_an_open_action_does_not_widen_the_page(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app, viewport={"width": 360, "height": 740}) as visit:
        visit.open(OFFICER)
        page = open_first(visit)
        wide, seen = page.evaluate(
            "(() => { const main = document.querySelector('[data-testid=stMain]');"
            " return [main.scrollWidth, main.clientWidth]; })()"
        )
        assert wide <= seen


def test_an_action_opens_by_keyboard(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"{PLAN}?priority=places")
        page.locator("[data-testid=stExpander] summary").first.focus()
        page.keyboard.press("Enter")
        page.locator("[data-testid=stExpanderDetails] .stPlotlyChart").first.wait_for()
        assert page.get_by_text(re.compile(LABEL)).first.is_visible()


def test_the_sample_shows_the_countys_position_when_asked(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("")
        page.get_by_role("radio", name="Sample county").click()
        page.wait_for_url(re.compile("council=999"))
        page.get_by_role("heading", name="Sample county: the position").wait_for()
        visit.settle()
        cards = page.locator(".sm-card")
        assert 6 <= cards.count() <= 8
        expect(page.locator(".sm-card .sm-status").nth(1)).to_be_visible()
        assert page.locator(".sm-card", has_text="Signal or chance?").count() == cards.count()
        assert visit.errors == []
