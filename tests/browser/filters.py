"""Every control of a page put to another answer, with a look at the page after each."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit

FAULT = "[data-testid=stException], [data-testid=stAlertContentError]"
# Parts of a page with nothing in them: no chart, no table, and no words that say why.
_BARE = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const level = node => Number(node.tagName[1]);
  const heads = [...main.querySelectorAll('h2, h3')].filter(node => node.checkVisibility());
  return heads.filter((head, place) => {
    const next = heads[place + 1] || main.querySelector('.sm-footer');
    if (next.tagName[0] === 'H' && level(next) > level(head)) return false;
    const between = document.createRange();
    between.setStartAfter(head);
    between.setEndBefore(next);
    return !between.toString().trim();
  }).map(head => head.innerText);
}"""
# Charts of which nothing is drawn.
_BLANK = """() => [...document.querySelectorAll('.js-plotly-plot')]
  .filter(node => !node._fullData.length).map(node => node.closest('[class*="st-key-"]').className)
"""


def use_filters(visit: Visit) -> int:
    """Put every filter of a page to another answer; how many there were."""
    main = visit.page.get_by_test_id("stMain")
    # The last may lead to another council, of which there is less to ask.
    used = {
        "stSlider": move,
        "stSelectbox": choose,
        "stNumberInput": step,
        "stButtonGroup": press_last,
    }
    count = 0
    for kind, use in used.items():
        found, place = main.get_by_test_id(kind), 0
        # What is chosen may take other filters away, or bring some.
        while place < found.count():
            use(visit, found.nth(place))
            place += 1
        count += place
    return count


def press_last(visit: Visit, group: Locator) -> None:
    """Choose the last of some answers side by side."""
    group.get_by_role("radio").or_(group.get_by_role("button")).last.click()
    assert_stands(visit)


def choose(visit: Visit, filter_: Locator) -> None:
    """Choose another answer in a list, or one more where there may be several."""
    filter_.get_by_role("combobox").focus()
    press(visit, "ArrowDown", "ArrowDown", "Enter")


def move(visit: Visit, slider: Locator) -> None:
    """Move a slider by one step up, or down where it is at its end."""
    handle = slider.get_by_role("slider")
    handle.focus()
    before = handle.input_value()
    press(visit, "ArrowRight")
    if handle.input_value() == before:
        press(visit, "ArrowLeft")
    expect(handle).not_to_have_value(before)


def step(visit: Visit, box: Locator) -> None:
    """The next number of a box: the next part of a list."""
    box.get_by_role("spinbutton").focus()
    press(visit, "ArrowUp", "Enter")


def press(visit: Visit, *keys: str) -> None:
    for key in keys:
        visit.page.keyboard.press(key)
    assert_stands(visit)


def assert_stands(visit: Visit) -> None:
    """The page rests after an answer: no error on it, no part of it bare, no chart blank."""
    visit.page.wait_for_timeout(200)
    visit.settle()
    assert not visit.page.locator(FAULT).count()
    assert visit.page.evaluate(_BARE) == []
    assert visit.page.evaluate(_BLANK) == []
    assert visit.errors == []


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
