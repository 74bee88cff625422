"""The cards of a row have their parts at one height, however long their titles and texts are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from dashboards.components.cards import cards_html
from dashboards.theme import LIGHT
from pipelines.settings import PROJECT_ROOT
from tests.unit.dashboards.test_cards import CARD

pytestmark = pytest.mark.browser

# A short card; one with a long title; one with long texts; one without a figure.
CARDS = (
    replace(CARD, title="Plans", note="", comparison=""),
    replace(CARD, title="Share of the annual reviews expected in a year that were completed in it"),
    replace(CARD, note=20 * "Plans that were late. ", milestone=None),
    replace(CARD, missing="No figure in this release", picture=""),
)
PARTS = (".sm-card h2", ".sm-card img", ".sm-judged", ".sm-card > .sm-note")
WIDE, PHONE = 1000, 360


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    style = (PROJECT_ROOT / "dashboards" / "style.css").read_text(encoding="utf-8")
    opened = browser.new_page(viewport={"width": WIDE, "height": 900})
    note = '<p class="sm-note">Below</p>'
    opened.set_content(f"<style>{style}</style>{cards_html(CARDS, LIGHT)}{note}")
    yield opened
    opened.close()


def heights(page: Page, selector: str) -> list[float]:
    """Where each element found begins, from the top of the page."""
    found: list[float] = page.locator(selector).evaluate_all(
        "found => found.map(item => Math.round(item.getBoundingClientRect().top))"
    )
    return found


def test_each_part_of_a_row_of_cards_begins_at_one_height(page: Page) -> None:
    for part in PARTS:
        found = heights(page, part)
        assert len(found) >= len(CARDS) - 1
        assert len(set(found)) == 1, part
    assert len(set(heights(page, ".sm-value"))) == 1


def test_cards_do_not_grow_on_a_phone_and_notes_keep_off_them(page: Page) -> None:
    page.set_viewport_size({"width": PHONE, "height": 900})
    tops = heights(page, ".sm-card")
    assert tops == sorted(set(tops)), "one under the other"
    for card in page.locator(".sm-card").all():
        title, figure = card.locator("h2").bounding_box(), card.locator("> p").first.bounding_box()
        assert title is not None
        assert figure is not None
        assert figure["y"] - title["y"] - title["height"] < 12
    for width in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": 900})
        ends = page.locator(".sm-card").evaluate_all(
            "cards => Math.max(...cards.map(card => card.getBoundingClientRect().bottom))"
        )
        (note,) = heights(page, ".sm-cards + .sm-note")
        assert note - ends >= 15
