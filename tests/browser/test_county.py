"""The pages over the sample county: its banner, its own figures' source, and hidden counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dashboards.words.sources import PROTECTED
from tests.browser.conftest import visiting
from tests.browser.test_pages import PAGES, main_chart_alt, text_of

pytestmark = pytest.mark.browser

COUNTY = "X99000999"
VIEWS = [
    *PAGES,
    f"compare?measure=plans_maintained&area={COUNTY}",
    f"compare?measure=mainstream_share&area={COUNTY}&areas=none&average=none",
    f"compare?measure=mainstream_share&area={COUNTY}&topic=Age&breakdown=Age+19",
    f"compare?measure=weeks_to_issue_mean&area={COUNTY}",
    "about?measure=plans_maintained",
]
BANNER = "Sample data: the sample county never existed and none of its figures is real."
NOTHING = re.compile(r"(?<!\w)(?:nan|NaN|<NA>|NaT|None)(?!\w)")
SHARE = f"compare?measure=mainstream_share&area={COUNTY}"
# What a page printed before it was folded: one line a table, 19,600 pixels.
TALLEST = 5_000


def every_text(page: Page) -> str:
    """What stands on the page, folded parts and words for listeners too."""
    texts: str = page.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]');"
        " const spoken = ['aria-label', 'alt'].flatMap(name =>"
        " [...main.querySelectorAll(`[${name}]`)].map(node => node.getAttribute(name)));"
        " return [main.textContent, ...spoken].join('\\n'); })()"
    )
    return texts


@pytest.mark.parametrize("address", VIEWS)
def test_the_banner_stands_on_every_page_and_no_page_prints_a_sign_of_nothing(
    browser: Browser, county_app: str, address: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(address)
        assert BANNER in text_of(page)
        for summary in page.locator("[data-testid=stExpander] summary").all()[:40]:
            summary.click()
        for tab in page.get_by_role("tab", name="Table and download").all():
            tab.click()
        visit.settle()
        found = NOTHING.search(every_text(page))
        assert not found, found and found.string[max(0, found.start() - 60) : found.end() + 20]
        assert visit.errors == []


def test_the_files_of_the_county_stand_in_a_line_a_return(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("data_quality")
        table = page.locator(".sm-table").first
        names = table.locator("tbody th").all_inner_texts()
        assert len(names) == len(set(names))
        census = "School census, October 2025"
        assert {"SEN2 return, 2025", "SEN2 return, 2026", census} <= set(names)
        assert "SEN2 extract within the year: 36 files" in names
        assert not [name for name in names if name.startswith("SEN2 extract within the year, ")]
        cells = table.locator("tr", has_text="SEN2 return, 2026").locator("td").all_inner_texts()
        rows_in, accepted, aside = cells[2:5]
        assert rows_in == accepted
        assert re.fullmatch(r"[1-9],\d{3} \[c\]", rows_in)
        assert aside == "[c]"
        height = page.locator("[data-testid=stMainBlockContainer]").evaluate("n => n.scrollHeight")
        assert height < TALLEST
        page.locator("summary", has_text="36 files").click()
        page.locator(".sm-table", has_text="SEN2 extract within the year, September 2025").wait_for(
            state="visible"
        )


def test_the_account_of_rows_leaves_protected_files_out_and_says_so(
    browser: Browser, county_app: str
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open("data_quality")
        lead = page.locator(".st-key-sm-lead").inner_text()
        assert lead.startswith("61 files received, 58 of the council's own. ")
        assert re.search(r"Every one of [\d,]+ rows in 3 published files is accounted for", lead)
        assert "58 files of the council's own stay out of this sum" in lead
        assert "to the nearest 5" in text_of(page)


def test_the_county_s_figures_name_its_own_return_as_their_source(
    browser: Browser, county_app: str
) -> None:
    own = (
        "Sample county's own SEN2 returns of 2023, 2024, 2025 (copy 2) and 2026, not "
        "published by the DfE."
    )
    with visiting(browser, county_app) as visit:
        both = text_of(visit.open(SHARE))
        assert (
            f"Source: Education, health and care plans: plans at January (caseload); and {own}"
            in both
        )
        page = visit.open(f"{SHARE}&areas=none&average=none")
        assert f"Source: {own} {PROTECTED} Release " in text_of(page)
        assert own in main_chart_alt(page)


def test_the_files_taken_away_say_the_same(
    browser: Browser, county_app: str, tmp_path: Path
) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"{SHARE}&areas=none&average=none&topic=Age&breakdown=Age+19")
        page.get_by_role("tab", name="Table and download").first.click()
        texts = []
        for label in ("Download the figures (CSV)", "Download what they mean (text)"):
            with page.expect_download() as waiting:
                page.get_by_role("button", name=label).first.click()
            target = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(target)
            texts.append(target.read_text(encoding="utf-8-sig"))
    assert ",council,2026," in texts[0]
    assert ",c,council," in texts[0]
    assert not NOTHING.search(texts[0])
    assert "Source: Sample county's own SEN2 returns of 2023" in texts[1]
    assert PROTECTED in texts[1]


def test_a_hidden_part_of_the_county_is_explained(browser: Browser, county_app: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(f"{SHARE}&topic=Age&breakdown=Age+19")
        assert "[c] confidential: the number is hidden" in text_of(page)
