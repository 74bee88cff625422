"""Charts of every kind, and what is chosen, where a reader asks for more contrast.

There are two ways to ask: colours of the reader's own, and the wish for more contrast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator

from tests.browser.conftest import visiting
from tests.browser.test_look import assert_can_be_seen, drawn, hexadecimal
from tests.unit.dashboards.colours import contrast

pytestmark = pytest.mark.browser

# The flow; the tiles and lying bars; stages, control charts and fans.
PAGES = {
    "early_support?role=officer&council=999&months=12": ".sankey-link",
    "placements?role=officer&council=999": ".js-fill",
    "timeliness?role=officer": ".js-fill",
}
WISHES: dict[str, dict[str, Any]] = {
    "own colours": {"forced_colors": "active", "contrast": "no-preference"},
    "more contrast": {"forced_colors": "none", "contrast": "more"},
}
GROUNDS = {"light": "#FFFFFF", "dark": "#10181F"}
# In the dark the charts are looked at in the long run alone.
ASKED = ("light", pytest.param("dark", marks=pytest.mark.long))
# Of a chart, clear of the edge that a picture cuts through.
CORNER = (1, 1)
CHOSEN = "[aria-selected=true], [aria-checked=true]"
OTHER = "[aria-selected=false], [aria-checked=false]"
THUMB = ".stSlider div:has(> div > [type=range])"

# The words of one chart with their colour and place in it. They are hidden then, so that a picture
# shows what lies behind them.
_TEXTS = """chart => {
  const frame = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('svg text')].map(node => {
    const box = node.getBoundingClientRect(), colour = getComputedStyle(node).fill;
    node.style.visibility = 'hidden';
    return {text: node.textContent, colour, box: [box.left - frame.left, box.top - frame.top,
      box.right - frame.left, box.bottom - frame.top]};
  }).filter(({text, box}) => text.trim() && box[2] - box[0] > 1);
}"""
# Every mark with the colours that it is filled or edged with, those of its pattern among them.
_MARKS = """chart => {
  const paints = node => {
    const look = getComputedStyle(node), isSolid = name => parseFloat(look[name + 'Opacity']) === 1;
    const pattern = look.fill.match(/url\\("(.+)"\\)/);
    const fills = pattern ? [...document.querySelectorAll(pattern[1] + ' *')].flatMap(paints)
      : isSolid('fill') ? [look.fill] : [];
    return parseFloat(look.strokeWidth) > 0 && isSolid('stroke') ? [...fills, look.stroke] : fills;
  };
  const marks = '.js-line:not([style*="stroke-width: 0"]), .js-fill, .point path, path.point,'
    + '.sankey-node rect, .sankey-link';
  return [...chart.querySelectorAll(marks)].map(node => ({
    name: node.getAttribute('class') || node.parentNode.getAttribute('class'),
    colours: paints(node)}));
}"""


def colour_of(said: str) -> str | None:
    """A colour as the browser names it; none of 'none', nor of one that is seen through."""
    parts = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", said)
    return hexadecimal(tuple(int(part) for part in parts.groups())) if parts else None


def clearest(said: Iterable[str], ground: str) -> float:
    """How far the clearest of some colours stands apart from a ground; 1 where there is none."""
    colours = [colour_of(each) for each in said]
    return max((contrast(colour, ground) for colour in colours if colour), default=1)


def commonest(picture: Image.Image) -> str:
    counted = picture.getcolors(picture.width * picture.height) or []
    return hexadecimal(max(counted)[1])


def unreadable(chart: Locator, wanted: str) -> list[str]:
    """What of a chart does not stand out from what lies behind it. wanted: the chart's ground."""
    texts, marks = chart.evaluate(_TEXTS), chart.evaluate(_MARKS)
    assert texts
    picture = Image.open(BytesIO(chart.screenshot())).convert("RGB")
    ground = hexadecimal(picture.getpixel(CORNER))  # type: ignore[arg-type]
    behind = [commonest(picture.crop(tuple(each["box"]))) for each in texts]
    words = [
        f"{each['text']}: {each['colour']} on {under}"
        for each, under in zip(texts, behind, strict=True)
        if clearest([each["colour"]], under) < 4.5
    ]
    faint = [f"{each}" for each in marks if clearest(each["colours"], ground) < 3]
    return [*([] if ground == wanted else [f"the ground is {ground}"]), *words, *faint]


def assert_choice_is_seen(group: Locator) -> None:
    """What is chosen in a group stands out from what is not, and can be read."""
    chosen, other = group.locator(CHOSEN).first, group.locator(OTHER).first
    words = chosen.locator("p").evaluate("node => getComputedStyle(node).color")
    ground = drawn(chosen)[0]
    assert contrast(ground, drawn(other)[0]) >= 3
    assert clearest([words], ground) >= 4.5


def assert_ring(node: Locator, ground: str) -> None:
    """What has the focus has a line around it that stands out from the page."""
    style, width, colour = node.evaluate(
        "node => { const look = getComputedStyle(node);"
        " return [look.outlineStyle, parseFloat(look.outlineWidth), look.outlineColor]; }"
    )
    assert style == "solid"
    assert width >= 2
    assert clearest([colour], ground) >= 3


@pytest.mark.parametrize("scheme", ASKED)
@pytest.mark.parametrize("address", PAGES, ids=lambda address: address.partition("?")[0])
def test_every_chart_can_be_read_where_more_contrast_is_asked_for(
    browser: Browser, county_app: str, address: str, scheme: str
) -> None:
    with visiting(browser, county_app, color_scheme=scheme) as visit:
        page = visit.open(address)
        page.locator(PAGES[address]).first.wait_for(state="attached")
        charts = page.locator(".stPlotlyChart").all()
        assert len(charts) > 4
        for wish, asked in WISHES.items():
            page.emulate_media(**asked)
            found = [unreadable(chart, GROUNDS[scheme]) for chart in charts]
            assert found == [[] for _ in charts], wish


@pytest.mark.parametrize("scheme", GROUNDS)
def test_what_is_chosen_and_where_the_focus_is_is_seen_in_the_readers_own_colours(
    browser: Browser, county_app: str, scheme: str
) -> None:
    with visiting(browser, county_app, color_scheme=scheme, forced_colors="active") as visit:
        page = visit.open("timeliness?role=officer")
        ground = drawn(page.locator("h1"))[0]
        for group in ("[role=tablist]", "[role=radiogroup]"):
            assert_choice_is_seen(page.locator(f"[data-testid=stMain] {group}").first)
        thumb = page.locator(THUMB).first
        assert_can_be_seen(thumb)
        page.locator(".stSlider input").first.focus()
        assert_ring(thumb, ground)
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        assert_ring(thumb, ground)
        tab = page.locator("[role=tab]").first
        tab.focus()
        assert_ring(tab, ground)
