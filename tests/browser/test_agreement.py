"""Headline, chart, table, CSV, workbook and PDF show the same numbers for every measure.

Each is read back from what a reader gets: the card and the table from the page, the chart from the
figure that the browser drew, the files from their bytes. Each reading is {period label: text}.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pypdf
import pytest
from playwright.sync_api import Browser, Locator, Page

from dashboards import formats
from dashboards.context import Context, over
from dashboards.overview import Card, councils, overview
from dashboards.reports.kinds import Kind, make
from dashboards.role import Role
from pipelines.registry.council import Council
from pipelines.release.reader import current_release
from pipelines.settings import SAMPLE_COUNTY, load_settings
from tests.browser.conftest import Visit, visiting

pytestmark = pytest.mark.browser

HEADING = "[data-testid=stHeading] h2"
Reading = dict[str, str]
# Where the whole series is shown; headline and PDF show the newest figure only.
WHOLE = ("chart", "table", "csv", "workbook")
NEWEST = ("headline", "title", "pdf")


def disagreements(places: dict[str, Reading]) -> list[str]:
    """What differs between the places of one measure; nothing where all agree.

    The newest figure is the one that the headline names; a period without a figure has a symbol.
    """
    first = places[WHOLE[0]]
    found = [
        f"{place}: {sorted(set(first.items()) ^ set(places[place].items()))}"
        for place in WHOLE[1:]
        if places[place] != first
    ]
    return found + [
        f"{place}: {period} {text}, not {first.get(period)}"
        for place in NEWEST
        for period, text in places[place].items()
        if first.get(period) != text
    ]


def is_figure(text: str) -> bool:
    """Whether a cell holds a number; where it holds a symbol, a chart has a gap."""
    return bool(text) and not text.startswith("[")


def headline(card: Locator, said: Card) -> Reading:
    """The large figure of a card, with the period that the card names."""
    assert said.period in card.inner_text()
    return {period_of(said.period): card.locator(".sm-value").inner_text()}


def period_of(line: str) -> str:
    """The period at the end of '872 of 2,427, 2025 [r]'."""
    return line.removesuffix(" [r]").rpartition(", ")[2]


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


def read(visit: Visit, page: Context, whose: Council) -> dict[str, dict[str, Reading]]:
    """Every measure of the first page in every place where it is shown."""
    cards = [card for card in overview(page, whose).cards if not card.missing]
    first = visit.open("" if whose == page.home else f"?council={whose.la_code}")
    own = {
        card.kpi: headline(first.locator(f".sm-card:has(h2:text-is('{card.title}'))"), card)
        for card in cards
    }
    report, book = download(first, "One-page report"), download(first, "Workbook")
    found = {}
    for card in cards:
        shown = visit.open(f"compare?measure={card.kpi}&area={whose.area_code}&areas=none")
        drawn, tabled = chart(shown, whose.name, card), table(shown, whose.name)
        found[card.kpi] = {
            "headline": own[card.kpi],
            "title": title(shown, card),
            "chart": {label: drawn.pop(label[-4:], "no point") for label in tabled},
            "table": tabled,
            "csv": csv_file(download(shown, "Download the figures"), whose.name, card),
            "workbook": workbook(book, whose.name, card),
            "pdf": pdf(report, card),
        }
        assert drawn == {}, "the chart has a point that the table has not"
    return found


def released(workspace: Path) -> Context:
    """The current release as the public reads it."""
    settings = load_settings(workspace)
    release = current_release(settings.workspace)
    assert release is not None
    return over(settings, release, Role.CABINET)


@pytest.fixture(scope="module")
def facts(browser: Browser, app: str, sample_workspace: Path) -> dict[str, dict[str, Reading]]:
    """The facts that come with the product."""
    page = released(sample_workspace)
    with visiting(browser, app) as visit:
        return read(visit, page, councils(page)[-1])


@pytest.fixture(scope="module")
def county(
    browser: Browser, county_app: str, county_workspace: Path
) -> dict[str, dict[str, Reading]]:
    """The sample county, whose figures are its own and protected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
        page = released(county_workspace)
        with visiting(browser, county_app) as visit:
            return read(visit, page, councils(page)[-1])


@pytest.mark.parametrize("release", ["facts", "county"])
def test_every_measure_of_the_page_is_the_same_wherever_it_is_shown(
    release: str, request: pytest.FixtureRequest
) -> None:
    readings: dict[str, dict[str, Reading]] = request.getfixturevalue(release)
    assert len(readings) == 8
    assert {kpi: disagreements(places) for kpi, places in readings.items()} == {
        kpi: [] for kpi in readings
    }
    for kpi, places in readings.items():
        assert set(places) == {*WHOLE, *NEWEST}, kpi
        assert all(places.values()), f"{kpi}: a place shows no figure at all"
        # The headline is the newest figure of the series, not some other one.
        assert list(places["headline"]) == [next(iter(places["table"]))]


def test_protected_percentages_are_whole_in_every_place(
    county: dict[str, dict[str, Reading]],
) -> None:
    shares = {
        f"{kpi}, {place}, {period}": text
        for kpi, places in county.items()
        for place, reading in places.items()
        for period, text in reading.items()
        if text.endswith("%")
    }
    assert shares
    assert {where: text for where, text in shares.items() if "." in text} == {}


@pytest.mark.parametrize("place", [*WHOLE, *NEWEST])
def test_one_other_number_in_one_place_is_found(
    facts: dict[str, dict[str, Reading]], place: str
) -> None:
    for kpi, places in facts.items():
        period = next(iter(places[place]))
        other = {**places, place: {**places[place], period: "1.5"}}
        assert disagreements(places) == [], kpi
        assert disagreements(other) != [], kpi


def test_files_made_from_a_release_with_one_other_value_disagree_with_the_page(
    facts: dict[str, dict[str, Reading]], sample_workspace: Path, tmp_path: Path
) -> None:
    page = released(sample_workspace)
    whose, kpi = councils(page)[-1], "plans_within_20_weeks_share"
    path = shutil.copy(page.key.path, tmp_path / "public.duckdb")
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(
            "update marts.kpi_value set value = value + 1 where kpi = ? and area_code = ? "
            "and breakdown_topic = 'All' and is_shown",
            [kpi, whose.area_code],
        )
    changed = replace(page, key=replace(page.key, path=str(path)))
    card = next(card for card in overview(page, whose).cards if card.kpi == kpi)
    book, report = (make(changed, kind, whose) for kind in (Kind.WORKBOOK, Kind.ONE_PAGE))
    of_book = facts[kpi] | {"workbook": workbook(book, whose.name, card)}
    of_report = facts[kpi] | {"pdf": pdf(report, card)}
    assert [text.partition(":")[0] for text in disagreements(of_book)] == ["workbook"]
    assert [text.partition(":")[0] for text in disagreements(of_report)] == ["pdf"]
