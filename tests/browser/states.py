"""A page with every part unfolded: what its charts bring with them, what the Tab key reaches."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from dashboards.accessibility import FOLDER
from tests.browser.conftest import Visit

TABLE, ABOUT = "Table and download", "About this measure"
# Charts of no measure: there is no definition to show beside them.
OF_NO_MEASURE = frozenset({"rule-history"})
BUTTON = "button, [role=radio], [role=tab]"
# Presses between two looks at what was reached.
PRESSES = 40


def constant(name: str) -> Any:
    """What app.py gives a name; the module itself is a running page and cannot be imported."""
    tree = ast.parse((FOLDER / "app.py").read_text(encoding="utf-8"))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return ast.literal_eval(node.value)  # type: ignore[attr-defined]
    raise AssertionError(f"app.py has no {name}")


def unfold(visit: Visit) -> None:
    """Open every folded part of a page, and show the table of every chart."""
    page = visit.page
    page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary')]"
        ".forEach(node => node.click())"
    )
    # Some parts are made only once they are opened.
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stExpanderDetails]')]"
        ".every(node => node.innerText.trim())"
    )
    visit.settle()
    show(visit, TABLE)


def show(visit: Visit, tab: str) -> int:
    """Turn every chart to the tab of a name; how many have one."""
    page = visit.page
    found = page.get_by_role("tab", name=tab).all()
    for each in found:
        each.click()
    if found:
        page.get_by_role("tabpanel", name=tab).last.wait_for()
    return len(found)


@dataclass(frozen=True)
class Shown:
    """One chart of a page with all that goes with it, read from the DOM.

    Attributes:
        stem: names the chart and its files.
        finding: the heading above it.
        spoken: what a listener hears in place of the picture.
        tabs: names of its views.
        rows: of its table.
        files: of its two buttons, how many stand there.
        source: the line under it.
        notes: the sentences between the picture and that line.
        axis: what they have to say of the value axis, as the picture has it.
        symbols: what stands in the picture for a figure or a break: '[c]', '[b] 2023'.
    """

    stem: str
    finding: str
    spoken: str
    tabs: tuple[str, ...]
    rows: int
    files: int
    source: str
    notes: str
    axis: tuple[str, ...]
    symbols: tuple[str, ...]

    def lacks(self) -> list[str]:
        """What the chart should bring and does not."""
        wanted = {"Chart", TABLE} | (set() if self.stem in OF_NO_MEASURE else {ABOUT})
        unsaid = [words for words in (*self.axis, *self.meanings) if words not in self.notes]
        lacking = {
            "a finding": not self.finding,
            "its finding for a listener": self.finding not in self.spoken,
            f"the views {sorted(wanted - set(self.tabs))}": not wanted <= set(self.tabs),
            "a table": not self.rows,
            "two files": self.files != 2,
            "source and release": "Release " not in self.source,
            f"the words {unsaid}": bool(unsaid),
        }
        return [f"{self.stem}: {what}" for what, is_lacking in lacking.items() if is_lacking]

    @property
    def meanings(self) -> tuple[str, ...]:
        """How the meaning of each symbol begins: '[c] ', '[b] Break at 2023: '."""
        split = [symbol.partition(" ")[::2] for symbol in self.symbols]
        return tuple(f"{sign} Break at {year}: " if year else f"{sign} " for sign, year in split)


_PANELS = """() => {
  const stemOf = node => [...node.classList].find(name => name.startsWith('st-key-tabs-'))
    .slice('st-key-tabs-'.length);
  const headings = [...document.querySelectorAll('[data-testid=stHeading]')];
  const notes = [...document.querySelectorAll('.sm-note')];
  const isBefore = (one, other) => one.compareDocumentPosition(other) & 4;
  // Bars lie: their names stand upright, and where their own axis is not drawn, words say it.
  const axisOf = ({xaxis, yaxis}) => {
    if (!xaxis || !yaxis.visible) return [];
    if (yaxis.type === 'category') return xaxis.visible ? [] : ['Bars start at zero.'];
    const [low, high] = yaxis.range.map(end => yaxis.tickprefix
      + end.toLocaleString('en-GB', {maximumSignificantDigits: 10}) + yaxis.ticksuffix);
    const ends = `The vertical axis runs from ${low} to ${high}`;
    return yaxis.range[0] > 0 ? [ends, 'It does not start at zero.'] : [ends];
  };
  return [...document.querySelectorAll('[class*="st-key-tabs-"]')].map(tabs => {
    const heading = headings.filter(node => isBefore(node, tabs)).at(-1);
    const stem = stemOf(tabs);
    const named = [...tabs.querySelectorAll('[aria-label]')].filter(
      node => node.closest('[data-testid=stPlotlyChart]'));
    const plot = tabs.querySelector('.js-plotly-plot');
    const drawn = [...plot.querySelectorAll('text')].map(node => node.textContent).join(' | ');
    return {
      stem,
      axis: axisOf(plot._fullLayout),
      symbols: [...new Set(drawn.match(/\\[[a-z~:]+\\](?: \\d{4})?/g) || [])],
      notes: [...tabs.querySelectorAll('.sm-note')].map(node => node.textContent).join(' '),
      finding: heading ? heading.innerText.trim() : '',
      spoken: named.map(node => node.getAttribute('aria-label')).join(' '),
      tabs: [...tabs.querySelectorAll('[role=tab]')].map(node => node.innerText.trim()),
      rows: tabs.querySelectorAll('.sm-table tbody tr').length,
      files: ['csv', 'metadata'].filter(
        kind => tabs.querySelector(`.st-key-${kind}-${CSS.escape(stem)} button`)).length,
      source: (notes.find(node => isBefore(tabs, node) && !tabs.contains(node)) || {}).innerText
        || '',
    };
  });
}"""


def charts(page: Page) -> list[Shown]:
    """Every chart of a page whose tables are shown."""
    drawn = page.locator("[data-testid=stPlotlyChart]").count()
    lists = ("tabs", "axis", "symbols")
    found = [
        Shown(**each | {name: tuple(each[name]) for name in lists})
        for each in page.evaluate(_PANELS)
    ]
    assert len(found) == drawn, "a chart stands without table, files and source"
    return found


@dataclass
class Walk:
    """What the Tab key came to on its way through a page.

    Attributes:
        controls: how many a reader can see.
        missed: those that it never reached, as they are written.
        unseen: those that it reached without an outline to see.
    """

    controls: int = 0
    missed: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


# A group is one stop: of tabs and choices side by side, and of a list with its button and what was
# chosen from it. Arrow keys move on inside.
_WATCH = """() => {
  const kinds = 'a[href], button, input, select, textarea, summary, [role=button], [role=tab],'
    + '[role=radio], [role=slider], [role=combobox], [tabindex="0"]';
  const isShown = node => node.checkVisibility({visibilityProperty: true})
    && node.getBoundingClientRect().width > 0 && !node.disabled
    && !node.closest('[inert], [aria-hidden=true], [aria-disabled=true]');
  const controls = [...document.querySelectorAll(kinds)].filter(isShown);
  const groups = '[role=tablist], [role=radiogroup], [data-testid=stButtonGroup],'
    + '[data-testid=stSelectbox], [data-testid=stMultiSelect]';
  const group = node => node.closest(groups) || node;
  window.walk = {controls, group, reached: new Set(), unseen: []};
  document.addEventListener('focusin', event => {
    const node = event.target, look = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    window.walk.reached.add(group(node));
    const isSeen = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2
      && box.width >= 2 && box.height >= 8 && look.opacity !== '0';
    if (!isSeen) window.walk.unseen.push(node.outerHTML.slice(0, 200));
  }, true);
  document.activeElement.blur();
  return controls.length;
}"""
_MISSED = """() => window.walk.controls
  .filter(node => node.isConnected && !window.walk.reached.has(window.walk.group(node))
    && ![...window.walk.reached].some(other => node.contains(other)))
  .map(node => node.outerHTML.slice(0, 200))"""


def walk(page: Page) -> Walk:
    """Press Tab until every control has been reached, or long enough that the rest never is."""
    found = Walk(controls=page.evaluate(_WATCH))
    for _ in range(2 + 2 * found.controls // PRESSES):
        for _ in range(PRESSES):
            page.keyboard.press("Tab")
        found.missed = page.evaluate(_MISSED)
        if not found.missed:
            break
    found.unseen = page.evaluate("window.walk.unseen")
    return found


def stuck(page: Page) -> list[str]:
    """Groups of a page, first of each kind, in which the arrow key does not go to the neighbour."""
    found = []
    for group, inside in (
        ("[role=tablist]", "[role=tab]"),
        ("[data-testid=stButtonGroup]", BUTTON),
    ):
        members = page.locator(f"[data-testid=stMain] {group}").first.locator(inside)
        if members.count() < 2:
            continue
        members.first.focus()
        page.keyboard.press("ArrowRight")
        if not members.nth(1).evaluate("node => node === document.activeElement"):
            found.append(group)
    return found


def moving(page: Page) -> list[str]:
    """What would move on a page: elements with an animation, or a change that takes its time."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(node => ['', '::before', '::after'].filter("
        "part => { const look = getComputedStyle(node, part || null);"
        " const takes = text => text.split(',').some(time => parseFloat(time) > 0);"
        " return (look.animationName !== 'none' && takes(look.animationDuration))"
        " || takes(look.transitionDuration); })"
        ".map(part => node.outerHTML.slice(0, 120) + part))"
    )
    return found


# Where a finding ends, in pixels from the top of the page as it opens.
_LEAD_ENDS = """() => {
  const lead = document.querySelector('[data-testid=stMain] .st-key-sm-lead');
  return lead ? lead.getBoundingClientRect().bottom : null;
}"""


def assert_first_screen(page: Page) -> None:
    """The page's finding lies within the first screen: nobody has to scroll to read it."""
    ends = page.evaluate(_LEAD_ENDS)
    size = page.viewport_size
    assert ends is not None, "the page has no finding at its top"
    assert size is not None
    assert ends <= size["height"], f"the finding ends at {ends} of {size}"
