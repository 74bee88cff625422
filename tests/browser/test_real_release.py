"""Every page and every filter over a release of the publishers' own files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from dashboards import formats
from tests.browser.conftest import visiting
from tests.browser.filters import add_answers, choose, use_filters
from tests.browser.readings import table
from tests.browser.states import assert_first_screen
from tests.browser.test_pages import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.real]

# Pages with filters of their own whatever the release holds.
FILTERED = frozenset({"compare", "demand", "statements"})
# Pages on which several answers can be chosen at once.
SEVERAL = frozenset({"compare"})
Send = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_and_each_of_its_filters_opens_over_the_real_release(
    browser: Browser, real_app: str, address: str
) -> None:
    with visiting(browser, real_app) as visit:
        page = visit.open(address)
        assert page.locator("h1").inner_text() == PAGES[address]
        assert_first_screen(page)
        assert add_answers(visit) >= (address in SEVERAL)
        assert use_filters(visit) >= (address in FILTERED)


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
