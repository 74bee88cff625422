"""Headline, chart, table, CSV, workbook, PDF and `send kpi` say the same of every measure.

So do they of its change, of England and the neighbours beside it, and of its milestone. Each is
read back from what a reader gets (readings.py, card_readings.py).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from dashboards import formats
from dashboards.context import Context, over
from dashboards.overview import Card, councils, overview
from dashboards.reports.kinds import Kind, make
from dashboards.role import Role
from pipelines.registry.council import Council
from pipelines.release.reader import current_release
from pipelines.settings import SAMPLE_COUNTY, load_settings
from tests.browser.card_readings import (
    CHANCE,
    CHANGE,
    ENGLAND,
    MILESTONE,
    NEIGHBOURS,
    STATUS,
    card_parts,
    kpi_parts,
    pdf_parts,
    workbook_parts,
)
from tests.browser.conftest import Visit, visiting
from tests.browser.readings import (
    Reading,
    chart,
    csv_file,
    download,
    headline,
    pdf,
    table,
    title,
    workbook,
)

pytestmark = pytest.mark.browser

Send = Callable[..., subprocess.CompletedProcess[str]]
# Where the whole series is shown; headline and PDF show the newest figure only.
WHOLE = ("chart", "table", "csv", "send kpi", "workbook")
NEWEST = ("headline", "title", "pdf")
# What a card says beside its figure, and which of it is said in each place.
ALL_PARTS = (CHANGE, ENGLAND, NEIGHBOURS, MILESTONE, STATUS, CHANCE)
PARTS = {
    "card": ALL_PARTS,
    "pdf's card": ALL_PARTS,
    "headline sheet": ALL_PARTS,
    "send kpi's parts": (CHANGE, ENGLAND),
}
# Reports are the public's: an officer's exact figures are on the pages alone.
REPORTS = frozenset({"workbook", "pdf", "pdf's card", "headline sheet"})
# The measure that the first page draws too, from a later year on.
MAIN, OWN_CHART = "mainstream_share", "chart of the first page"


def disagreements(places: dict[str, Reading]) -> list[str]:
    """What differs between the places of one measure; nothing where all agree.

    The newest figure is the one that the headline names; a period without a figure has a symbol.
    """
    first = places[WHOLE[0]]
    found = [
        f"{place}: {sorted(set(first.items()) ^ set(places[place].items()))}"
        for place in WHOLE[1:]
        if place in places and places[place] != first
    ]
    found += [
        f"{place}: {period} {text}, not {first.get(period)}"
        for place in (*NEWEST, OWN_CHART)
        for period, text in places.get(place, {}).items()
        if first.get(period) != text
    ]
    return found + [
        f"{place}: {part} {places[place].get(part)}, not {places['card'].get(part)}"
        for place, parts in PARTS.items()
        for part in parts
        if place in places and places[place].get(part) != places["card"].get(part)
    ]


def said_by_send(send: Send, workspace: Path, area: str, role: Role) -> dict[str, Any]:
    """What `send kpi` prints of an area's whole figures: measure to its values."""
    words = ("kpi", "--area", area, "--json", "--role")
    done = send(workspace, *words, "officer" if role is Role.OFFICER else "public")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = {}
    for value in json.loads(done.stdout)["values"]:
        if value["breakdown_topic"] == "All" and value["value"] is not None:
            found.setdefault(value["kpi"], []).append(value)
    return found


def printed(values: list[dict[str, Any]], said: Card) -> Reading:
    return {
        value["period_label"]: formats.number(value["value"], said.unit, said.decimals)
        for value in values
    }


def by_label(drawn: Reading, labels: Reading) -> Reading:
    """The points of a chart by the periods that the table names, each of which is used up."""
    return {label: drawn.pop(label[-4:], "no point") for label in labels}


def read(
    visit: Visit,
    page: Context,
    whose: Council,
    kpis: dict[str, Any],
    england: dict[str, Any],
) -> dict[str, dict[str, Reading]]:
    """Every measure of the first page in every place where it is shown.

    kpis, england: by `send kpi`.
    """
    cards = [card for card in overview(page, whose).cards if not card.missing]
    role = f"role={page.role.value}"
    of_other = "" if whose == page.home else f"&council={whose.la_code}"
    first = visit.open(f"?{role}{of_other}")
    drawn_cards = {
        card.kpi: first.locator(f".sm-card:has(h2:text-is('{card.title}'))") for card in cards
    }
    headlines = {card.kpi: headline(drawn_cards[card.kpi], card) for card in cards}
    parts = {card.kpi: card_parts(drawn_cards[card.kpi], card) for card in cards}
    own = next(chart(first, whose.name, card) for card in cards if card.kpi == MAIN)
    reports = {} if page.is_officer else reports_of(first, page, cards, whose)
    found = {}
    for card in cards:
        asked = f"measure={card.kpi}&area={whose.area_code}&areas=none&{role}"
        shown = visit.open(f"compare?{asked}")
        drawn, tabled = chart(shown, whose.name, card), table(shown, whose.name)
        found[card.kpi] = {
            "headline": headlines[card.kpi],
            "title": title(shown, card),
            "chart": by_label(drawn, tabled),
            "table": tabled,
            "csv": csv_file(download(shown, "Download the figures"), whose.name, card),
            "send kpi": printed(kpis[card.kpi], card),
            "card": parts[card.kpi],
            "send kpi's parts": kpi_parts(
                kpis[card.kpi],
                england.get(card.kpi, []),
                card,
                page.measures[card.kpi].decimals,
            ),
            **reports.get(card.kpi, {}),
        }
        assert drawn == {}, "the chart has a point that the table has not"
        if card.kpi == MAIN:
            later = {label: text for label, text in tabled.items() if label[-4:] in own}
            found[MAIN][OWN_CHART] = by_label(own, later)
            assert own == {}, "the first page's chart has a point that the table has not"
    return found


def reports_of(
    shown: Page, page: Context, cards: list[Card], whose: Council
) -> dict[str, dict[str, Reading]]:
    """Each measure in the files that the first page offers."""
    report, book = download(shown, "One-page report"), download(shown, "Workbook")
    return {card.kpi: of_reports(report, book, page, card, whose) for card in cards}


def of_reports(
    report: bytes, book: bytes, page: Context, card: Card, whose: Council
) -> dict[str, Reading]:
    """One measure in the bytes of both files."""
    titles = [each.title for each in overview(page, whose).cards]
    return {
        "workbook": workbook(book, whose.name, card),
        "pdf": pdf(report, card),
        "pdf's card": pdf_parts(report, card, titles),
        "headline sheet": workbook_parts(book, card, page.measures[card.kpi].decimals),
    }


def released(workspace: Path, role: Role = Role.CABINET) -> Context:
    """The current release as one role reads it."""
    settings = load_settings(workspace)
    release = current_release(settings.workspace)
    assert release is not None
    return over(settings, release, role)


def all_read(
    browser: Browser, app: str, workspace: Path, send: Send, role: Role = Role.CABINET
) -> dict[str, dict[str, Reading]]:
    """One release as one role reads it, for the council whose figures the release holds."""
    page = released(workspace, role)
    whose = councils(page)[-1]
    with visiting(browser, app) as visit:
        own, england = (
            said_by_send(send, workspace, area, role) for area in (whose.area_code, page.england)
        )
        return read(visit, page, whose, own, england)


@pytest.fixture(scope="module")
def facts(
    browser: Browser, app: str, sample_workspace: Path, run_send: Send
) -> dict[str, dict[str, Reading]]:
    """The facts that come with the product."""
    return all_read(browser, app, sample_workspace, run_send)


@pytest.fixture(scope="module")
def real(
    browser: Browser, real_app: str, real_workspace: Path, run_send: Send
) -> dict[str, dict[str, Reading]]:
    """The publishers' own files."""
    return all_read(browser, real_app, real_workspace, run_send)


@pytest.fixture(scope="module")
def county(
    browser: Browser, county_app: str, county_workspace: Path, run_send: Send
) -> dict[str, dict[str, Reading]]:
    """The sample county, whose figures are its own and protected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
        return all_read(browser, county_app, county_workspace, run_send)


@pytest.fixture(scope="module")
def officer(
    browser: Browser, county_app: str, county_workspace: Path, run_send: Send
) -> dict[str, dict[str, Reading]]:
    """The sample county as its officers read it: exact."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
        return all_read(browser, county_app, county_workspace, run_send, Role.OFFICER)


@pytest.mark.parametrize(
    "release", ["facts", pytest.param("real", marks=pytest.mark.real), "county", "officer"]
)
def test_every_measure_of_the_page_is_the_same_wherever_it_is_shown(
    release: str, request: pytest.FixtureRequest
) -> None:
    readings: dict[str, dict[str, Reading]] = request.getfixturevalue(release)
    assert len(readings) == 8
    assert {kpi: disagreements(places) for kpi, places in readings.items()} == {
        kpi: [] for kpi in readings
    }
    wanted = {*WHOLE, *NEWEST, *PARTS} - (REPORTS if release == "officer" else set())
    for kpi, places in readings.items():
        assert set(places) == wanted | ({OWN_CHART} if kpi == MAIN else set()), kpi
        assert all(places.values()), f"{kpi}: a place shows no figure at all"
        # The headline is the newest figure of the series, not some other one.
        assert list(places["headline"]) == [next(iter(places["table"]))]
    assert len(readings[MAIN][OWN_CHART]) > 1


def test_officers_read_a_decimal_where_the_public_reads_whole_percentages(
    county: dict[str, dict[str, Reading]], officer: dict[str, dict[str, Reading]]
) -> None:
    shares = [
        kpi
        for kpi, places in county.items()
        if all(text.endswith("%") for text in places["headline"].values())
    ]
    assert shares
    for kpi in shares:
        public, exact = county[kpi]["table"], officer[kpi]["table"]
        assert set(exact) >= set(public)
        assert any("." in text for text in exact.values()), kpi
        assert not any("." in text for text in public.values()), kpi


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


@pytest.mark.parametrize("place", [*WHOLE, *NEWEST, OWN_CHART])
def test_one_other_number_in_one_place_is_found(
    facts: dict[str, dict[str, Reading]], place: str
) -> None:
    held = {kpi: places for kpi, places in facts.items() if place in places}
    assert set(held) == ({MAIN} if place == OWN_CHART else set(facts))
    for kpi, places in held.items():
        period = next(iter(places[place]))
        other = {**places, place: {**places[place], period: "1.5"}}
        assert disagreements(places) == [], kpi
        assert disagreements(other) != [], kpi


@pytest.mark.parametrize(("place", "part"), [(at, part) for at in PARTS for part in PARTS[at]])
def test_one_other_part_of_a_card_in_one_place_is_found(
    facts: dict[str, dict[str, Reading]], place: str, part: str
) -> None:
    held = {kpi: places for kpi, places in facts.items() if part in places[place]}
    assert held, "no card says it"
    for kpi, places in held.items():
        other = {**places, place: {**places[place], part: "1.5"}}
        without = {**places, place: {}}
        assert disagreements(other) != [], kpi
        assert disagreements(without) != [], kpi


def test_files_made_from_a_release_with_other_values_disagree_with_the_page(
    facts: dict[str, dict[str, Reading]], sample_workspace: Path, tmp_path: Path
) -> None:
    page = released(sample_workspace)
    whose, kpi = councils(page)[-1], "plans_within_20_weeks_share"
    path = shutil.copy(page.key.path, tmp_path / "public.duckdb")
    changed = replace(page, key=replace(page.key, path=str(path)))
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(
            "update marts.kpi_value set value = value + 1 where kpi = ? and area_code in (?, ?) "
            "and breakdown_topic = 'All' and is_shown",
            [kpi, whose.area_code, page.england],
        )
    card = next(card for card in overview(page, whose).cards if card.kpi == kpi)
    book, report = (make(changed, kind, whose) for kind in (Kind.WORKBOOK, Kind.ONE_PAGE))
    made = of_reports(report, book, page, card, whose)
    assert set(made) == REPORTS
    for place, reading in made.items():
        found = disagreements(facts[kpi] | {place: reading})
        assert [text.partition(":")[0] for text in found] == [place]
