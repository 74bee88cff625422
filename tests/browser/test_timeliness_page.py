"""Timeliness and backlog over the sample county: what everybody sees, and what officers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from playwright.sync_api import Browser

from dashboards import formats
from dashboards.accessibility import FAULTS
from dashboards.components.backlog_queue import queue_of
from dashboards.components.backlog_what_if import changes
from dashboards.queries import backlog as held
from dashboards.queries.frozen import Key, records
from pipelines.analysis import backlog
from pipelines.analysis.queue_weeks import Order
from pipelines.release.reader import Release, current_release
from pipelines.settings import SAMPLE_COUNTY
from tests.browser.conftest import Visit, visiting
from tests.browser.test_pages import faults_on, text_of

pytestmark = pytest.mark.browser

OFFICER = "timeliness?role=officer"
NOTHING = re.compile(r"(?<!\w)(?:nan|NaN|<NA>|NaT|None)(?!\w)")
UNCHANGED = {"staff": 0, "arrivals": 100, "hours": 100, "triage": 0, "start": 0}
STAFF = "More or fewer cases finished a week, by staff"


@pytest.fixture(scope="module")
def release(county_workspace: Path) -> Release:
    found = current_release(county_workspace)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def key(release: Release) -> Key:
    return Key(release.id, "officer", str(release.officer_path))


@pytest.fixture
def officer(browser: Browser, county_app: str) -> Iterator[Visit]:
    with visiting(browser, county_app) as visit:
        yield visit


def asked(key: Key, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect(key.path, read_only=True) as connection:
        return connection.execute(sql, list(values)).fetchall()


def newest_day(key: Key) -> date:
    ((day,),) = asked(key, "select max(reference_date) from cases.case_return where is_newest")
    assert isinstance(day, date)
    return day


def as_now(key: Key) -> dict[str, Any]:
    answers = held.forecasts(key, SAMPLE_COUNTY)
    return records(answers[answers["scenario"] == "as-now"])[0]


@pytest.mark.parametrize("order", ["oldest first", "newest first"])
def test_a_question_that_changes_nothing_gets_the_answer_of_the_release(
    key: Key, order: Order
) -> None:
    answer = as_now(key)
    queue = queue_of(key, SAMPLE_COUNTY, answer)
    assert queue is not None
    scenario = backlog.Scenario("nothing", changes(UNCHANGED))
    assert scenario.changes == ()
    (told,) = backlog.forecast(
        queue, [scenario], order=order, goal=answer["goal"], seed=int(answer["seed"])
    )
    frozen = held.weeks(key, SAMPLE_COUNTY, "as-now", order.replace(" ", "_"))
    columns = ["overdue_p10", "overdue_p50", "overdue_p90"]
    assert np.allclose(told.overdue.T, frozen[columns].to_numpy(float), atol=1e-3)
    assert told.never_share == pytest.approx(
        _answer_of(key, order.replace(" ", "_"))["never_share"], abs=1e-6
    )


def _answer_of(key: Key, order: str) -> dict[str, Any]:
    answers = held.forecasts(key, SAMPLE_COUNTY)
    is_asked = (answers["scenario"] == "as-now") & (answers["work_order"] == order)
    return records(answers[is_asked])[0]


def test_a_queue_that_is_not_the_forecast_s_own_is_refused(key: Key) -> None:
    answer = as_now(key)
    assert queue_of(key, SAMPLE_COUNTY, answer | {"open_count": answer["open_count"] + 1}) is None
    assert queue_of(key, SAMPLE_COUNTY, answer | {"completions_a_week": 0.0}) is None


def test_more_staff_never_leave_more_cases_overdue(key: Key) -> None:
    queue = queue_of(key, SAMPLE_COUNTY, as_now(key))
    assert queue is not None
    more = backlog.Scenario("more", changes(UNCHANGED | {"staff": 5}))
    none, told = backlog.forecast(queue, [backlog.Scenario("none"), more], seed=1)
    assert (told.overdue <= none.overdue + 1e-9).all()
    assert told.overdue.sum() < none.overdue.sum()


def test_the_public_page_shows_released_totals_and_says_what_is_for_officers(
    browser: Browser, county_app: str, release: Release
) -> None:
    with duckdb.connect(str(release.public_path), read_only=True) as connection:
        found = connection.execute(
            "select period, value from marts.kpi_value where kpi = 'open_cases' and la_code = ? "
            "and breakdown_topic = 'All' and is_newest_of_source and value is not null "
            "order by period desc limit 1",
            [SAMPLE_COUNTY],
        ).fetchone()
    assert found is not None
    with visiting(browser, county_app) as visit:
        page = visit.open("timeliness")
        text = text_of(page)
        assert page.locator("h1").inner_text() == "Timeliness and backlog"
        counted = f"{formats.month(found[0])}, as counted for the annual return, "
        assert f"{counted}{found[1]:,.0f} cases were open" in text
        assert "It is for the council's officers" in text
        assert not page.get_by_role("slider").count()
        assert "Days left" not in text
        assert visit.errors == []


def test_officers_read_the_newest_day_and_every_overdue_case(officer: Visit, key: Key) -> None:
    day = newest_day(key)
    ((opened, overdue),) = asked(
        key,
        "select count(*), count(*) filter (where is_overdue) from cases.open_case "
        "inner join cases.case_return using (file_id) where reference_date = ? and is_newest",
        day,
    )
    page = officer.open(OFFICER)
    text = text_of(page)
    when = f"On {formats.day(day)}, by the newest extract,"
    assert f"{when} {formats.plural(opened, 'case was', 'cases were')} open" in text
    if overdue:
        assert f"{formats.plural(overdue, 'case')} overdue, of {opened:,} open." in text
    else:
        assert f"No case is among those asked for, of {opened:,} open." in text
    assert officer.errors == []


def test_a_case_is_known_by_part_of_its_pseudonym_and_no_row_can_be_downloaded(
    officer: Visit, key: Key
) -> None:
    page = officer.open(f"{OFFICER}&cases=every")
    table = page.locator(".sm-table", has_text="Days left")
    shown = table.locator("tbody th").all_inner_texts()
    whole = {row[0] for row in asked(key, "select distinct pseudonym from cases.open_case")}
    assert 0 < len(shown) <= 25
    assert all(any(name.startswith(part) for name in whole) for part in shown)
    everything = page.content()
    assert not [name for name in whole if name in everything]
    assert "cannot be downloaded here" in text_of(page)


def test_the_list_follows_its_filters_and_the_link_restores_them(officer: Visit) -> None:
    page = officer.open(f"{OFFICER}&cases=every")
    table = page.locator(".sm-table", has_text="Days left")
    district = table.locator("tbody tr td").first.inner_text()
    box = page.get_by_role("combobox", name="District")
    box.scroll_into_view_if_needed()
    box.click()
    box.fill(district)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("district="))
    officer.settle()
    again = officer.open(page.url.removeprefix(officer.base + "/"))
    rows = again.locator(".sm-table", has_text="Days left").locator("tbody tr")
    assert rows.count() > 0
    assert {row.locator("td").first.inner_text() for row in rows.all()} == {district}


def test_a_slider_answers_and_leaves_the_rest_of_the_page_alone(officer: Visit) -> None:
    page = officer.open(OFFICER)
    assert "Nothing is changed: this is the forecast" in text_of(page)
    slider = page.get_by_role("slider", name=STAFF)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Changed from now on: 1 more case finished a week.").wait_for()
    page.wait_for_url(re.compile("staff=1"))
    assert officer.errors == []
    again = officer.open(page.url.removeprefix(officer.base + "/"))
    assert "Changed from now on: 1 more case finished a week." in text_of(again)


def test_a_reader_who_becomes_an_officer_finds_every_control_at_rest(officer: Visit) -> None:
    page = officer.open("timeliness")
    page.get_by_label("Read the pages as").click()
    page.get_by_role("option", name="Strategy officer").click()
    page.get_by_text("Nothing is changed: this is the forecast").wait_for()
    assert page.get_by_role("slider", name=STAFF).input_value() == "0"
    page.get_by_text(re.compile("overdue, of|No case is among")).first.wait_for()
    assert officer.errors == []


def test_a_broken_link_opens_the_page_with_its_defaults(officer: Visit) -> None:
    page = officer.open(f"{OFFICER}&scenario=none&order=x&staff=900&part=zero&district=Z&rate=1")
    assert "Nothing is changed" in text_of(page)
    for part in ("staff=900", "district=Z", "scenario=none", "rate=1"):
        assert part not in page.url
    assert officer.errors == []


@pytest.mark.parametrize("address", ["timeliness", OFFICER])
def test_no_part_prints_a_sign_of_nothing(browser: Browser, county_app: str, address: str) -> None:
    with visiting(browser, county_app) as visit:
        page = visit.open(address)
        for tab in page.get_by_role("tab", name="Table and download").all():
            tab.click()
        visit.settle()
        found = NOTHING.search(page.locator("[data-testid=stMain]").inner_text())
        assert not found, found and found.string[max(0, found.start() - 60) : found.end() + 20]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["timeliness", OFFICER])
def test_axe_finds_only_the_listed_faults_of_the_framework(
    browser: Browser, county_app: str, address: str, scheme: str
) -> None:
    with visiting(browser, county_app, color_scheme=scheme) as visit:
        found = faults_on(visit.open(address))
    ours = {
        (rule, target)
        for rule, target in found
        if not any(rule == known.rule and known.target in target for known in FAULTS)
    }
    assert ours == set()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", ["timeliness", OFFICER])
def test_the_page_does_not_scroll_sideways(
    browser: Browser, county_app: str, address: str, width: int
) -> None:
    with visiting(browser, county_app, viewport={"width": width, "height": 740}) as visit:
        page = visit.open(address)
        wide, seen = page.evaluate(
            "(() => { const main = document.querySelector('[data-testid=stMain]');"
            " return [main.scrollWidth, main.clientWidth]; })()"
        )
        assert wide <= seen
