"""Data quality in the browser: rules over time, rows for officers, and neither for others."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import visiting
from tests.browser.test_pages import text_of

pytestmark = pytest.mark.browser

PSEUDONYM = re.compile(r"\b[0-9a-f]{12}\b")
RULE = "data_quality?role=officer&rule=ACT-15+query"


def rows_of(page: Page) -> list[list[str]]:
    """The failing rows on the screen, cell by cell."""
    table = page.locator(".sm-table", has_text="First found in")
    table.first.wait_for()
    return [row.split("\t") for row in table.locator("tbody tr").all_inner_texts()]


def test_a_rule_is_followed_over_the_returns_and_its_rows_are_the_count(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(RULE)
        title = page.locator("h3", has_text="ACT-15: ").first.inner_text()
        found = re.fullmatch(r"ACT-15: ([\d,]+) open(?:, .*)? in 2026", title)
        assert found
        page.get_by_role("tab", name="Table and download").first.click()
        history = page.locator(".sm-table", has_text="Edition").locator("visible=true")
        editions = history.locator("tbody th").all_inner_texts()
        assert editions == ["2026", "2025 (copy 2)", "2025", "2024", "2023"]
        newest = history.locator("tbody tr").first.locator("td").all_inner_texts()
        assert newest[0] == found.group(1)
        assert rows_of(page)
        assert visit.errors == []


def test_filters_stand_in_the_link_and_narrow_what_is_shown(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("data_quality?role=officer&severity=error&return=sen2:2025")
        assert page.locator("h3", has_text="rules with findings: SEN2 return, 2025").count() == 1
        weights = page.locator(".sm-table", has_text="What is wrong").first
        cells = weights.locator("tbody tr td:nth-child(2)").all_inner_texts()
        assert cells
        assert set(cells) == {"Error"}
        asked = parse_qs(urlsplit(page.url).query)
        assert (asked["severity"], asked["return"]) == (["error"], ["sen2:2025"])


def test_rows_are_paged_and_each_page_has_a_link(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(RULE)
        first = rows_of(page)
        assert len(first) == 50
        page.get_by_label(re.compile(r"Page \(of")).fill("2")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("page=2"))
        visit.settle()
        page.locator("caption", has_text="Findings 51 to").wait_for()
        second = rows_of(page)
        assert {row[1] for row in first}.isdisjoint({row[1] for row in second})
        again = visit.open(f"{RULE}&page=2")
        assert again.locator("caption", has_text="Findings 51 to").count() == 1


def test_no_row_of_a_child_can_be_taken_away_as_a_file(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(RULE)
        assert PSEUDONYM.search(" ".join(cell for row in rows_of(page) for cell in row))
        taken = []
        for button in page.get_by_role("button", name="Download the figures (CSV)").all():
            if not button.is_visible():
                continue
            with page.expect_download() as waiting:
                button.click()
            taken.append(waiting.value.path().read_text(encoding="utf-8-sig"))
        assert taken
        assert not any("person " in text and "request " in text for text in taken)
        assert not any("pseudonym" in text for text in taken)


@pytest.mark.parametrize("role", ["cabinet", "auditor"])
def test_others_see_no_row_of_a_return_and_the_public_no_rule_of_it(
    browser: Browser, county_app: str, role: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"data_quality?role={role}&rule=ACT-15+query&return=sen2:2026")
        shown = text_of(page)
        # An auditor reads how often a rule spoke, from the evidence; neither reads of which rows.
        assert ("ACT-15" in shown) is (role == "auditor")
        assert "person " not in shown
        assert "What the checks found in the council's own files is for its officers" in shown
        assert ("What each rule found in each edition" in shown) is (role == "auditor")


def test_every_month_of_the_year_is_named_as_received(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        shown = text_of(visit.open("data_quality"))
        assert (
            "Extracts within the year: 36 months, February 2023 to January 2026. No month between "
            "them is missing." in shown
        )
