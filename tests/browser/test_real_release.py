"""Every page and every filter over a release of the publishers' own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Visit, visiting
from tests.browser.states import assert_first_screen
from tests.browser.test_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.real]

FAULT = "[data-testid=stException], [data-testid=stAlertContentError]"
# Pages with filters of their own whatever the release holds.
FILTERED = frozenset({"compare", "demand", "statements"})


def use_filters(visit: Visit) -> int:
    """Choose another answer in every filter of a page; how many there were."""
    page = visit.page
    main = page.get_by_test_id("stMain")
    groups, lists = main.get_by_test_id("stButtonGroup"), main.get_by_test_id("stSelectbox")
    used = 0
    # What is chosen may take other filters away, or bring some.
    while used < groups.count():
        groups.nth(used).get_by_role("radio").or_(
            groups.nth(used).get_by_role("button")
        ).last.click()
        used += 1
        page.wait_for_timeout(200)
        visit.settle()
    chosen = 0
    while chosen < lists.count():
        lists.nth(chosen).get_by_role("combobox").focus()
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        chosen += 1
        page.wait_for_timeout(200)
        visit.settle()
    return used + chosen


@pytest.mark.parametrize("address", PAGES)
def test_a_page_and_each_of_its_filters_opens_over_the_real_release(
    browser: Browser, real_app: str, real_app_log: Path, address: str
) -> None:
    with visiting(browser, real_app) as visit:
        page = visit.open(address)
        assert page.locator("h1").inner_text() == PAGES[address]
        assert_first_screen(page)
        used = use_filters(visit)
        assert used >= (address in FILTERED)
        assert not page.locator(
            "[data-testid=stException], [data-testid=stAlertContentError]"
        ).count()
        assert visit.errors == []
        assert visit.hosts == {"127.0.0.1"}
    assert "Traceback" not in real_app_log.read_text(encoding="utf-8")


def test_revised_figures_are_shown_old_and_new(browser: Browser, real_app: str) -> None:
    with visiting(browser, real_app) as visit:
        page = visit.open("compare?measure=mainstream_share&area=E92000001&areas=none")
        table = page.locator(".sm-table", has_text="(shown)")
        rows = table.locator("tr", has_text="January 2025").all_inner_texts()
        assert any("43.6%" in row for row in rows)
        assert any("43.8%" in row for row in rows)
