"""What anybody gets from public pages, everything tried and taken away (P2).

One reader without a sign-in opens every page, sets every control to each of its options, takes
every file, and reads each measure of the council by each of its breakdowns. All that came is held
against the public file, and against what must never be seen. So that the looks are known to see,
most of them are given an officer's pages too.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest

from dashboards.serving.rules import ONLY_FOR
from dashboards.serving.server import pages_of
from pipelines.registry.measures import measures
from pipelines.release.reader import Release, connect, current_release
from pipelines.release.rounding import BASE, EXACT_TOPICS, LARGEST_HIDDEN
from pipelines.settings import PROJECT_ROOT, SAMPLE_COUNTY, Settings
from tests.integration.crawling import Crawler, View
from tests.integration.pseudonyms import as_shown, pseudonyms, told_of
from tests.integration.public_cells import (
    DATES,
    KEY,
    PublicCells,
    drawn,
    every_form,
    number,
    numbers,
    plain,
    public_cells,
)
from tests.integration.serving import Served, served
from tests.integration.test_serve_readers import children, shown
from tests.leaks import texts

__all__ = ["children", "shown"]

PAGES = sorted(pages_of(Settings(PROJECT_ROOT)) - ONLY_FOR.keys())
COUNTY = "X99000999"
# Versions of tools, and where an axis ends, are no figures.
NO_FIGURE = re.compile(r"(?:axe-core|Chromium|Streamlit) [\d.]+|axis runs from \S+ to \S+")
FEW = re.compile(r"\b[1-4] (?:child(?:ren)?|pupils?|people|person|young people)\b")
# What the returns say of who a child is, and the words that could be that.
IDENTITIES = re.compile(rb"<(?:Surname|Forename|PostCode|UPN|UniqueLearnerNumber)>([^<]+)<")
WORDS = re.compile(rb"[a-z]{2}\d\d ?\d[a-z]{2}|[a-z]\d{11}[\da-z]|\d{10}|[a-z][a-z'-]+")
MEASURES = measures(PROJECT_ROOT / "sql")
EXACT = {"All", *EXACT_TOPICS}
KEY_COLUMNS = {*KEY, "numerator", "denominator", "symbol"}
OF_COUNTY = {"compare": f"area={COUNTY}"}
FOR_OFFICERS = (
    ("timeliness", "cases=every"),
    ("demand", ""),
    ("compare", f"measure=mainstream_share&area={COUNTY}&topic=Age&breakdown=Age+19"),
)
CONTROLS = {"button_group", "selectbox", "multiselect", "download_button"}
SHOWS = {"html", "heading", "alert", "plotly_chart", "markdown", "text", "empty"}


def rows_of(view: View, buttons: frozenset[str] | None = None) -> Iterator[dict[str, str]]:
    """The rows of the CSV files of a page, or of these of its buttons."""
    for button, content in view.taken.items():
        if "-csv-" in button and (buttons is None or button in buttons):
            yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig")))


@pytest.fixture(scope="module")
def release(county_workspace: Path) -> Release:
    found = current_release(county_workspace)
    assert found
    return found


@pytest.fixture(scope="module")
def cells(release: Release) -> PublicCells:
    return public_cells(release.public_path)


@pytest.fixture(scope="module")
def doors(county_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("crawl")
    with served(county_workspace, folder, SAMPLE_COUNTY, public_pages=True) as found:
        yield found


@pytest.fixture(scope="module")
def seen(doors: Served, release: Release) -> list[View]:
    """All that a reader without a sign-in can be shown."""
    with doors.page() as page:
        crawler = Crawler(doors, page)
        found = [
            view for name in PAGES for view in crawler.everything(name, OF_COUNTY.get(name, ""))
        ]
        return found + [crawler.open("compare", query) for query in by_breakdown(release)]


@pytest.fixture(scope="module")
def officers(doors: Served) -> list[View]:
    """The same look at a few pages of officers, on which it must find what it looks for."""
    cookies = doors.sign_in("officer")
    with doors.page(cookies) as page:
        crawler = Crawler(doors, page, cookies)
        return [crawler.open(*asked) for asked in FOR_OFFICERS]


def by_breakdown(release: Release) -> list[str]:
    """The addresses of each measure of the council, whole and by each breakdown with a figure."""
    with closing(connect(release.public_path)) as connection:
        rows = connection.execute(
            "select kpi, breakdown_topic, min(breakdown) from marts.kpi_value where area_code = ? "
            "and value is not null group by all order by all",
            [COUNTY],
        ).fetchall()
    return [
        urlencode({"measure": kpi, "area": COUNTY, "topic": topic, "breakdown": part})
        for kpi, topic, part in rows
    ]


# ---- the looks ---------------------------------------------------------------------------------


def strange_rows(cells: PublicCells, view: View) -> list[dict[str, str]]:
    """Rows of files that are no figure of the public file."""
    return [row for row in rows_of(view) if not is_cell(cells, row)]


def is_cell(cells: PublicCells, row: dict[str, str]) -> bool:
    """A figure to the last symbol; an average, or a row of another kind, by each of its numbers."""
    if not row.get("area_code") or not row.keys() >= KEY_COLUMNS:
        return not cells.strange(" | ".join(row.values()))
    if row["breakdown_topic"] == "All":
        row = row | {"breakdown": "All"}
    top, bottom, value = (number(row[name]) for name in ("numerator", "denominator", "value"))
    return (top, bottom, value, row["symbol"]) in cells.figures.get(
        tuple(row[name] for name in KEY), set()
    )


def apart_from_its_file(cells: PublicCells, view: View) -> list[tuple[str, set[str]]]:
    """Charts and tables with numbers that their file lacks, promised levels left out."""
    found = []
    for panel in view.panels:
        held = cells.promised | every_form(
            text for row in rows_of(view, frozenset(panel.files)) for text in row.values()
        )
        traces = (trace for figure in panel.figures for trace in figure["data"])
        shown = set().union(*(drawn(trace) for trace in traces), *map(in_table, panel.html))
        if panel.figures and not shown <= held:
            found.append((view.page, shown - held))
    return found


def in_table(html: str) -> set[str]:
    """The numbers of a table, its caption left out: it names the measure and the dates."""
    rows = html.partition("</caption>")[2]
    return numbers(DATES.sub(" ", plain(rows)))


def strange_words(cells: PublicCells, view: View) -> list[tuple[str, set[str]]]:
    """Texts with numbers that are no cell of the public file."""
    told = ((text, cells.strange(NO_FIGURE.sub(" ", text))) for text in view.texts)
    return [(text[:80], found) for text, found in told if found]


def in_workbooks(cells: PublicCells, view: View) -> list[tuple[str, str]]:
    """Numbers in the cells of workbooks that are no cell of the public file."""
    books = [content for content in view.taken.values() if is_workbook(content)]
    return [
        (view.page, f"{sheet.title}!{cell.coordinate} {cell.value}")
        for content in books
        for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float)) and cells.strange(str(cell.value))
    ]


def is_workbook(content: bytes) -> bool:
    held = zipfile.ZipFile(io.BytesIO(content)).namelist() if content[:2] == b"PK" else []
    return "xl/workbook.xml" in held


def everything_in(view: View, folder: Path) -> bytes:
    """All bytes of a page and of its files, unpacked where they are packed."""
    parts = [message.SerializeToString() for message in view.sent]
    for button, content in view.taken.items():
        ending = "xlsx" if is_workbook(content) else "pdf" if content[:4] == b"%PDF" else "txt"
        path = folder / f"{len(parts)}.{ending}"
        path.write_bytes(content)
        parts += [button.encode(), *texts(path)]
    return b"\n".join(parts)


def small_counts(view: View) -> list[dict[str, str]]:
    """Rows of the council that tell of a few children: no total that is published exactly."""
    return [row for row in rows_of(view) if is_own(row) and not is_protected(row)]


def is_own(row: dict[str, str]) -> bool:
    return row.get("source") == "council" and row.keys() >= KEY_COLUMNS


def is_protected(row: dict[str, str]) -> bool:
    """Hidden, or rounded; percentages whole."""
    measure = MEASURES[row["measure"]]
    if measure.disclosure == "exact_total" and row["breakdown_topic"] in EXACT:
        return True
    counts = [float(row[name]) for name in ("numerator", "denominator") if row[name]]
    is_whole = measure.unit != "percent" or not row["value"] or float(row["value"]) % 1 == 0
    return is_whole and all(count > LARGEST_HIDDEN and count % BASE == 0 for count in counts)


# ---- what they find ----------------------------------------------------------------------------


def test_every_page_and_control_was_tried(seen: list[View], cells: PublicCells) -> None:
    assert {view.page.partition("?")[0] for view in seen} == set(PAGES)
    kinds = {kind for view in seen for _, kind, _ in view.elements}
    assert kinds - CONTROLS <= SHOWS, "a control of a kind that the crawler does not try yet"
    measured = {row["measure"] for view in seen for row in rows_of(view) if is_own(row)}
    assert cells.measures_of(COUNTY) - measured == set()
    assert len(seen) > 500
    for place, name in (("delivery_plan", "open-"), ("demand", "demand_by"), ("compare", "area")):
        assert [view for view in seen if view.page.startswith(place) and name in view.page]


def test_every_figure_in_a_file_is_a_cell_of_the_public_file(
    seen: list[View], cells: PublicCells, officers: list[View]
) -> None:
    assert sum(1 for view in seen for _ in rows_of(view)) > 5_000
    assert [row for view in seen for row in strange_rows(cells, view)] == []
    assert len([row for view in officers for row in strange_rows(cells, view)]) > 20


def test_what_a_chart_draws_and_its_table_says_stands_in_its_file(
    seen: list[View], cells: PublicCells
) -> None:
    assert [told for view in seen for told in apart_from_its_file(cells, view)] == []
    assert sum(1 for view in seen for panel in view.panels if panel.figures) > 500


def test_every_number_in_words_is_a_cell_of_the_public_file(
    seen: list[View], cells: PublicCells, officers: list[View]
) -> None:
    assert [told for view in seen for told in strange_words(cells, view)] == []
    assert len([told for view in officers for told in strange_words(cells, view)]) >= 3


def test_no_figure_tells_of_a_few_children(seen: list[View], officers: list[View]) -> None:
    assert [row for view in seen for row in small_counts(view)] == []
    assert [
        found for view in seen for text in view.texts for found in FEW.findall(plain(text))
    ] == []
    assert len([row for view in officers for row in small_counts(view)]) > 20


def test_no_page_and_no_file_holds_a_mark_of_a_child(
    seen: list[View], officers: list[View], county_workspace: Path, tmp_path: Path
) -> None:
    returns = [path.read_bytes() for path in (county_workspace / "inbox").glob("sen2-*.xml")]
    said = {name.lower() for data in returns for name in IDENTITIES.findall(data)}
    # Without what is spoiled on purpose, such as half a postcode.
    names = {name for name in said if WORDS.fullmatch(name)}
    children = as_shown(pseudonyms(county_workspace))
    assert len(said) > 1_000
    assert len(names) > 0.99 * len(said)
    for view in seen:
        told = everything_in(view, tmp_path)
        assert names.isdisjoint(WORDS.findall(told.lower())), view.page
        assert told_of(children, told) == set(), view.page
    assert any(told_of(children, everything_in(view, tmp_path)) for view in officers)


def test_every_number_of_a_workbook_is_a_cell_of_the_public_file(
    seen: list[View], cells: PublicCells
) -> None:
    assert [view for view in seen if any(map(is_workbook, view.taken.values()))]
    assert [told for view in seen for told in in_workbooks(cells, view)] == []
