"""What a reader sees who has the browser choose the colours, and who prints from dark mode."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator

from tests.browser.conftest import visiting
from tests.browser.test_pages import FREEZE
from tests.unit.dashboards.colours import contrast

pytestmark = pytest.mark.browser

PICTURES = (".sm-card img", ".stPlotlyChart")
# Of the pixels that differ from the ground one in so many is clear of it; others are soft edges,
# gridlines and tints, which carry no meaning.
LEAST = 12


def hexadecimal(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02X}" for part in colour)


def drawn(picture: Locator) -> tuple[str, list[tuple[int, str]]]:
    """The ground of a picture, and its other colours with how many pixels each has."""
    picture.scroll_into_view_if_needed()
    image = Image.open(BytesIO(picture.screenshot())).convert("RGB")
    counted = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    ground = hexadecimal(counted[0][1])
    return ground, [(count, hexadecimal(colour)) for count, colour in counted[1:]]


def assert_can_be_seen(picture: Locator) -> str:
    """The ground; enough of what stands on it is 3 to 1 apart from it."""
    ground, colours = drawn(picture)
    whole = sum(count for count, _ in colours)
    clear = sum(count for count, colour in colours if contrast(colour, ground) >= 3)
    assert whole
    assert clear * LEAST >= whole, (ground, clear, whole)
    return ground


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("picture", PICTURES)
def test_pictures_bring_their_ground_where_the_browser_chooses_colours(
    browser: Browser, app: str, scheme: str, picture: str
) -> None:
    with visiting(browser, app, color_scheme=scheme, forced_colors="active") as visit:
        page = visit.open("")
        first = page.locator(picture).first
        ground = assert_can_be_seen(first)
        kept = first.evaluate("node => getComputedStyle(node).backgroundColor")
        assert kept == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 24, 31)"}[scheme]
        assert ground == {"light": "#FFFFFF", "dark": "#10181F"}[scheme]


@pytest.mark.parametrize(
    ("address", "picture"),
    [("", PICTURES[0]), ("compare?measure=mainstream_share", PICTURES[1])],
    ids=["overview", "compare"],
)
def test_a_page_printed_from_dark_mode_is_dark_on_white(
    browser: Browser, app: str, address: str, picture: str
) -> None:
    with visiting(browser, app, color_scheme="dark") as visit:
        page = visit.open(address)
        page.emulate_media(media="print", color_scheme="dark")
        assert assert_can_be_seen(page.locator(picture).first) == "#FFFFFF"
        for words in ("h1", ".st-key-sm-lead .stText", ".sm-footer p", ".sm-note"):
            colour = page.locator(words).first.evaluate("node => getComputedStyle(node).color")
            assert colour == "rgb(11, 12, 12)", words


SMALLEST = """
[...document.querySelectorAll('.stPlotlyChart text')].map(node =>
  parseFloat(getComputedStyle(node).fontSize) * parseFloat(getComputedStyle(
    node.closest('.stPlotlyChart')).zoom))
"""
# Eight points at 96 dots an inch, and the width of the sheet inside its margins.
EIGHT_POINTS, SHEET = 8 / 72 * 96, 734


@pytest.mark.parametrize("width", [1280, 1920])
def test_on_paper_a_chart_fills_the_sheet_with_type_of_eight_points(
    browser: Browser, app: str, width: int
) -> None:
    with visiting(browser, app, viewport={"width": width, "height": 900}) as visit:
        page = visit.open("compare?measure=mainstream_share&area=E10000028")
        page.locator(".stPlotlyChart text").first.wait_for()
        # As a browser prints: the chart keeps what was drawn for the screen.
        page.evaluate(FREEZE)
        page.emulate_media(media="print")
        box = page.locator(".stPlotlyChart svg.main-svg").first.bounding_box()
        assert box is not None
        assert SHEET * 0.97 <= box["width"] <= SHEET
        sizes = page.evaluate(SMALLEST)
        assert sizes
        assert min(sizes) >= EIGHT_POINTS


def test_on_paper_definitions_are_open_and_what_is_folded_says_where_it_is(
    browser: Browser, app: str
) -> None:
    with visiting(browser, app) as visit:
        page = visit.open("about")
        definition = page.locator(".sm-fold dl").first
        assert not definition.is_visible()
        page.emulate_media(media="print")
        assert definition.is_visible()
        assert page.locator(".sm-table", has_text="K01").first.is_visible()
        page.emulate_media(media="screen")
        page = visit.open("statements")
        page.emulate_media(media="print")
        folded = page.locator(".stExpander summary p", has_text="Evidence, ").first
        assert folded.is_visible()
        after = folded.evaluate("node => getComputedStyle(node, '::after').content")
        assert after == '": on the screen"'
