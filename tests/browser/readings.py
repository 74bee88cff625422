"""What one measure shows in each place where it is shown: {period label: text}.

Each is read back from what a reader gets: the card and the table from the page, the chart from the
figure that the browser drew, the files from their bytes.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pypdf
from playwright.sync_api import Locator, Page

from dashboards import formats
from dashboards.overview import Card
from tests.browser.test_pages import HEADING

Reading = dict[str, str]


def is_figure(text: str) -> bool:
    """Whether a cell holds a number; where it holds a symbol, a chart has a gap."""
    return bool(text) and not text.startswith("[")


def headline(card: Locator, said: Card) -> Reading:
    """The large figure of a card, with the period that the card names."""
    assert said.period in card.inner_text()
    return {period_of(said.period): card.locator(".sm-value").inner_text()}


def period_of(line: str) -> str:
    """The period at the end of '872 of 2,427, 2025 [r]'; of a day its month, as tables have it."""
    last = line.removesuffix(" [r]").rpartition(", ")[2]
    return re.sub(r"^\d{1,2} (?=[A-Z][a-z]+ \d{4}$)", "", last)


def title(page: Page, said: Card) -> Reading:
    """The first figure in the finding above the chart that is printed like the headline's."""
    words = page.locator(HEADING).first.inner_text()
    figures = re.findall(r"\d[\d,]*(?:\.\d+)?%?", words.removeprefix(said.title))
    found = [text.rstrip(",") for text in figures]
    return {period_of(said.period): said.value_text if said.value_text in found else words}


def chart(page: Page, name: str, said: Card) -> Reading:
    """The line of an area as the browser drew it; its x is a year, which begins a period."""
    lines = page.locator(".js-plotly-plot").first.evaluate(
        "node => node._fullData.map(line => ({name: line.name,"
        " x: Array.from(line.x), y: Array.from(line.y)}))"
    )
    (line,) = [line for line in lines if line["name"] == name]
    numbers = zip(line["x"], line["y"], strict=True)
    return {
        str(x): formats.number(y, said.unit, said.decimals) for x, y in numbers if y is not None
    }


def table(page: Page, name: str) -> Reading:
    """The column of an area in the table beside the chart, without the mark of a revision."""
    page.get_by_role("tab", name="Table and download").first.click()
    found = page.locator(".sm-table").first
    found.wait_for(state="visible")
    place = found.locator("thead th").all_inner_texts().index(name)
    rows = found.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.innerText))"
    )
    cells = {row[0]: row[place].removesuffix(" [r]") for row in rows}
    return {period: text for period, text in cells.items() if is_figure(text)}


def download(page: Page, label: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).first.click()
    return Path(waiting.value.path()).read_bytes()


def csv_file(content: bytes, name: str, said: Card) -> Reading:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {
        row["period_label"]: formats.number(float(row["value"]), said.unit, said.decimals)
        for row in rows
        if row["area"] == name and row["value"]
    }


def workbook(content: bytes, name: str, said: Card) -> Reading:
    book = openpyxl.load_workbook(io.BytesIO(content))
    (sheet,) = [
        book[label]
        for label in book.sheetnames
        if str(book[label]["A1"].value).startswith(f"{said.title}, {name}, by year")
    ]
    (marked,) = sheet.tables.values()
    head, *rows = [[cell.value for cell in row] for row in sheet[marked.ref]]
    place = next(place for place, text in enumerate(head) if text.startswith(f"{name} ("))
    return {
        row[0]: formats.number(row[place], said.unit, said.decimals)
        for row in rows
        if not isinstance(row[place], str)
    }


def pdf(content: bytes, said: Card) -> Reading:
    """The line after the measure's heading, with the period of the line below."""
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    lines = [line.strip() for line in text.splitlines()]
    place = lines.index(said.title)
    return {period_of(lines[place + 2]): lines[place + 1]}
