"""Every page and every filter over a release of the publishers' own files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from dashboards import formats
from tests.browser.conftest import Visit, visiting
from tests.browser.readings import table
from tests.browser.states import assert_first_screen
from tests.browser.test_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.real]

FAULT = "[data-testid=stException], [data-testid=stAlertContentError]"
# Pages with filters of their own whatever the release holds.
FILTERED = frozenset({"compare", "demand", "statements"})
# Pages on which several answers can be chosen at once.
SEVERAL = frozenset({"compare"})
Send = Callable[..., subprocess.CompletedProcess[str]]


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
        choose(visit, lists.nth(chosen))
        chosen += 1
    return used + chosen


def choose(visit: Visit, filter_: Locator) -> None:
    """Choose another answer in a list, or one more where there may be several."""
    filter_.get_by_role("combobox").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        visit.page.keyboard.press(key)
    visit.page.wait_for_timeout(200)
    visit.settle()


def add_answers(visit: Visit) -> int:
    """Choose one more answer wherever there may be several; in how many places."""
    lists = visit.page.get_by_test_id("stMain").get_by_test_id("stMultiSelect")
    for place in range(lists.count()):
        answers = lists.nth(place).locator(".react-aria-ComboBox [data-tag]")
        before = answers.count()
        choose(visit, lists.nth(place))
        expect(answers).to_have_count(before + 1)
        # What is open hides the rest of the page.
        visit.page.keyboard.press("Escape")
    return lists.count()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_and_each_of_its_filters_opens_over_the_real_release(
    browser: Browser, real_app: str, address: str
) -> None:
    with visiting(browser, real_app) as visit:
        page = visit.open(address)
        assert page.locator("h1").inner_text() == PAGES[address]
        assert_first_screen(page)
        assert add_answers(visit) >= (address in SEVERAL)
        assert not page.locator(FAULT).count()
        used = use_filters(visit)
        assert used >= (address in FILTERED)
        assert not page.locator(FAULT).count()
        assert visit.errors == []


def test_a_figure_after_a_filter_is_that_of_send_kpi(
    browser: Browser, real_app: str, real_workspace: Path, run_send: Send
) -> None:
    with visiting(browser, real_app) as visit:
        page = visit.open("compare?measure=mainstream_share")
        choose(visit, page.get_by_test_id("stSelectbox").filter(has_text="Area").first)
        (code,) = parse_qs(urlsplit(page.url).query)["area"]
        done = run_send(real_workspace, "kpi", "mainstream_share", "--area", code, "--json")
        assert done.returncode == 0, done.stderr
        said = [
            value
            for value in json.loads(done.stdout)["values"]
            if value["breakdown_topic"] == "All" and value["value"] is not None
        ]
        newest = max(said, key=lambda value: str(value["period"]))
        shown = table(page, newest["area_name"])
    assert len(shown) > 1
    assert shown[newest["period_label"]] == formats.number(newest["value"], "percent", 1)


def test_revised_figures_are_shown_old_and_new(browser: Browser, real_app: str) -> None:
    with visiting(browser, real_app) as visit:
        page = visit.open("compare?measure=mainstream_share&area=E92000001&areas=none")
        table = page.locator(".sm-table", has_text="(shown)")
        rows = table.locator("tr", has_text="January 2025").all_inner_texts()
        assert any("43.6%" in row for row in rows)
        assert any("43.8%" in row for row in rows)
