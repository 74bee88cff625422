"""Beyond the first page: a chart, the table beside it and its CSV are the same figures."""

from __future__ import annotations

import csv
import io
import re
from calendar import month_name
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.conftest import visiting
from tests.browser.states import TABLE, show

pytestmark = pytest.mark.browser

# By app, the pages that a reader of the public sees there and how many charts they hold at least.
PAGES = {
    "app": {"demand": 2, "timeliness": 1, "placements": 4, "early_support": 1},
    "county_app": {
        f"{page}?council=999": least
        for page, least in (
            ("demand", 2),
            ("timeliness", 2),
            ("placements", 4),
            ("early_support", 2),
        )
    },
}
# Forecasts draw a range and milestones, of which each row of the table has another kind; of those
# followed up a row is a year and a number of months.
OTHERWISE = re.compile(r"outlook$|followed$|flow$")
# What a control chart has beside its figures, as lines without points.
LIMITS = frozenset({"Average", "Lower limit", "Upper limit"})

_PANEL = """panel => ({
  lines: panel.querySelector('.js-plotly-plot')._fullData
    .filter(line => line.type === 'bar' || line.mode === 'lines+markers')
    .map(({name, type, x, y}) => ({name, labels: Array.from(type === 'bar' ? y : x),
      numbers: Array.from(type === 'bar' ? x : y)})),
  head: [...panel.querySelectorAll('.sm-table thead th')].map(cell => cell.textContent),
  rows: [...panel.querySelectorAll('.sm-table tbody tr')].map(
    row => [...row.children].map(cell => cell.textContent)),
})"""


@dataclass(frozen=True)
class Panel:
    """One chart with all that goes with it.

    Attributes:
        lines: of the figure that the browser drew, {name: {label: number}}; a gap is left out.
        table: the same shape, {column: {first cell: text}}; a cell without a number is left out.
        file: the numbers of the CSV, from the least.
    """

    stem: str
    lines: Mapping[str, Mapping[str, float]]
    table: Mapping[str, Mapping[str, str]]
    file: tuple[float, ...]

    def faults(self) -> list[str]:
        """Where chart, table and file differ."""
        found = []
        for name, line in self.lines.items():
            column = self.column(name)
            if set(line) != set(column):
                found.append(f"{name}: {sorted(set(line) ^ set(column))}")
            found += [
                f"{name}, {label}: {number} drawn, {column[label]} in the table"
                for label, number in line.items()
                if label in column and not is_printed(number, column[label])
            ]
        cells = sorted((text for each in self.table.values() for text in each.values()), key=value)
        is_same = len(cells) == len(self.file) and all(map(is_printed, self.file, cells))
        return found if is_same else [*found, f"file {self.file}, table {cells}"]

    def column(self, name: str) -> Mapping[str, str]:
        """The column of a line, or of the only one, by the labels that the chart has for its rows.

        A line has years or, of a control chart, months counted from the year 0.
        """
        named = name if name in self.table else next(iter(self.table))
        drawn = {label for line in self.lines.values() for label in line}
        if not all(label.isdigit() for label in drawn):
            return self.table[named]
        is_monthly = any(len(label) > 4 for label in drawn)
        return {
            str(month_count(label)) if is_monthly else label[-4:]: text
            for label, text in self.table[named].items()
        }


def month_count(label: str) -> int:
    """'January 2023' as a number of months."""
    name, year = label.split()
    return int(year) * 12 + list(month_name).index(name) - 1


def value(text: str) -> float:
    """The number that a cell begins with: '35.1% (3,505 of 9,979)' is 35.1."""
    found = re.match(r"-?[\d,]*\d(?:\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


def is_printed(number: float, text: str) -> bool:
    """Whether a number is printed so: half of its last place apart at most."""
    decimals = re.match(r"-?[\d,]*\d\.?(\d*)", text)
    assert decimals, text
    return abs(number - value(text)) <= 0.5 * 10 ** -len(decimals[1]) + 1e-9


def panel_of(found: Locator) -> Panel:
    """Read from the DOM, and from the file that its button gives."""
    told: dict[str, Any] = found.evaluate(_PANEL)
    names = (found.get_attribute("class") or "").split()
    stem = next(name for name in names if name.startswith("st-key-tabs-"))
    with found.page.expect_download() as waiting:
        found.locator("[class*=st-key-csv-] button").click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(content))
    return Panel(
        stem.removeprefix("st-key-tabs-"),
        {
            line["name"]: {
                str(label): number
                for label, number in zip(line["labels"], line["numbers"], strict=True)
                if number is not None
            }
            for line in told["lines"]
        },
        {
            name: {row[0]: row[place] for row in told["rows"] if re.match(r"-?\d", row[place])}
            for place, name in enumerate(told["head"])
            if place and name not in LIMITS
        },
        tuple(sorted(float(row["value"]) for row in rows if row["value"])),
    )


@pytest.mark.parametrize(
    ("app_of", "address"), [(app, page) for app in PAGES for page in PAGES[app]]
)
def test_a_chart_its_table_and_its_file_are_the_same_figures(
    request: pytest.FixtureRequest, browser: Browser, app_of: str, address: str
) -> None:
    with visiting(browser, request.getfixturevalue(app_of)) as visit:
        page = visit.open(address)
        show(visit, TABLE)
        panels = [panel_of(each) for each in page.locator("[class*=st-key-tabs-]").all()]
    held = [panel for panel in panels if not OTHERWISE.search(panel.stem)]
    assert {panel.stem: panel.faults() for panel in held} == {panel.stem: [] for panel in held}
    drawn = [panel for panel in held if any(panel.lines.values())]
    assert len(drawn) >= PAGES[app_of][address]
    for panel in drawn:
        assert_one_other_number_is_found(panel)


def assert_one_other_number_is_found(panel: Panel) -> None:
    """In the chart, in the table, and in the file."""
    name, line = next((name, line) for name, line in panel.lines.items() if line)
    label, number = next(iter(line.items()))
    column, texts = next((name, texts) for name, texts in panel.table.items() if texts)
    cells = {**texts, next(iter(texts)): "987654"}
    for other in (
        {"lines": {**panel.lines, name: {**line, label: number + 1}}},
        {"table": {**panel.table, column: cells}},
        {"file": (*panel.file[:-1], panel.file[-1] + 1)},
    ):
        assert replace(panel, **other).faults(), (panel.stem, other)  # type: ignore[arg-type]
