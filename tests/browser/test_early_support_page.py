"""Early support in the browser: the flow with its table, and what each role may see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import visiting
from tests.browser.test_pages import HEADING, text_of

pytestmark = pytest.mark.browser

FLOW = re.compile(r"([\d,]+) of ([\d,]+) referrals reached a plan within (\d+) months")
CHART = ".stPlotlyChart:has(.sankey)"


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_flow_its_title_and_its_table_say_the_same(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("early_support?role=officer&months=12")
        heading = page.locator(HEADING, has_text="referrals reached a plan").inner_text()
        found = FLOW.fullmatch(heading)
        assert found
        plans, referrals = number(found.group(1)), number(found.group(2))
        assert found.group(3) == "12"
        drawn = page.locator(CHART).first
        drawn.locator(".sankey-node").first.wait_for()
        places = drawn.locator(".sankey-node").all_text_contents()
        assert f"Plan{plans}" in {re.sub(r"[\s,]", "", text) for text in places}
        page.get_by_role("tab", name="Table and download").nth(2).click()
        table = page.locator(".sm-table", has_text="Referrals").locator("visible=true")
        rows = [row.split("\t") for row in table.locator("tbody tr").all_inner_texts()]
        assert sum(number(row[3]) for row in rows if row[1] == "Plan") == plans
        starts = [row for row in rows if row[0] in ("APDR", "EAPDR", "SEDIS")]
        assert sum(number(row[3]) for row in starts) == referrals
        assert visit.errors == []


def test_months_are_chosen_by_keyboard_and_stand_in_the_link(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("early_support?role=officer")
        page.get_by_role("radio", name="6", exact=True).focus()
        page.keyboard.press("Space")
        page.wait_for_url(re.compile("months=6"))
        visit.settle()
        page.locator(HEADING, has_text="within 6 months").wait_for()
        again = visit.open(page.url.removeprefix(f"{visit.base}/"))
        assert again.locator(HEADING, has_text="within 6 months").count() == 1


def test_a_listener_hears_the_steps_of_the_flow(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("early_support?role=officer&months=12")
        spoken = page.locator("[data-testid=stPlotlyChart]", has=page.locator(".sankey")).evaluate(
            "node => [...node.querySelectorAll('[aria-label]'), node]"
            ".map(item => item.getAttribute('aria-label') || '').join(' ')"
        )
        assert "led to a request for an assessment" in spoken
        assert FLOW.search(spoken)


def test_the_public_page_has_no_flow_and_no_exact_number(
    browser: Browser, county_app: str, tmp_path: Path
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("early_support")
        assert page.locator(CHART).count() == 0
        assert "is for the council's officers" in text_of(page)
        page.get_by_role("tab", name="Table and download").first.click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download the figures (CSV)").first.click()
        target = tmp_path / "early.csv"
        waiting.value.save_as(target)
        lines = target.read_text(encoding="utf-8-sig").splitlines()
        value = lines[0].split(",").index("value")
        counts = [row.split(",")[value] for row in lines[1:]]
        assert counts
        assert all(not count or int(count) % 5 == 0 for count in counts)
