"""The course of a measure: the range drawn is the one that the chance of a milestone rests on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dashboards import context, formats
from dashboards.components.course import Course, with_forecast
from dashboards.components.promises import promises
from dashboards.components.signal import due_day
from dashboards.queries import figures, outlook, plan
from dashboards.queries.frozen import records
from dashboards.role import Role
from dashboards.words import milestone
from pipelines.release.reader import current_release
from pipelines.settings import SAMPLE_COUNTY, load_settings

RATE_MILESTONE = "within-20-weeks-2026"


def page_over(workspace: Path, role: Role = Role.CABINET) -> context.Context:
    settings = load_settings(workspace)
    release = current_release(workspace)
    assert release is not None
    return context.over(settings, release, role)


def course_of(page: context.Context, kpi: str, la_code: str) -> Course:
    """The course of a whole measure with its forecast."""
    measure = page.measures[kpi]
    area = page.areas.loc[page.areas["la_code"] == la_code, "area_code"].iloc[0]
    rows = [
        row
        for row in records(plan.milestones(page.key, la_code, page.read_on))
        if row["kpi"] == kpi
    ]
    course = Course(
        subject=measure.short_title,
        name=measure.title,
        area=area,
        unit=measure.unit,
        decimals=measure.decimals,
        topic="All",
        history=figures.series(page.key, kpi, (area,)),
        milestones=tuple(rows),
    )
    return with_forecast(page, course, kpi, la_code)


def test_the_range_is_that_of_a_forecast_in_the_release_and_opens_from_the_newest_figure(
    sample_workspace: Path,
) -> None:
    page = page_over(sample_workspace)
    course = course_of(page, "plans_maintained", page.home.la_code)
    made = outlook.forecasts(page.key, "plans_maintained", page.home.la_code)
    chosen = made[made["why_not"].isna()].iloc[0]
    values = outlook.forecast_values(page.key, chosen["forecast"])
    first, last = course.forecast.iloc[0], course.forecast.iloc[-1]
    newest = course.history.sort_values("period").iloc[-1]
    assert (first["period"], first["value_p50"]) == (newest["period"], newest["value"])
    assert last["value_p90"] == pytest.approx(values["value_p90"].iloc[-1])
    assert chosen["forecast_note"] in course.note
    assert (course.forecast["value_p10"] <= course.forecast["value_p90"]).all()


def test_without_a_forecast_the_reason_stands_in_its_place(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    every = [(kpi, outlook.forecasts(page.key, kpi, page.home.la_code)) for kpi in page.measures]
    without = [(kpi, held) for kpi, held in every if len(held) and held["why_not"].notna().all()]
    assert without
    kpi, _ = without[0]
    course = course_of(page, kpi, page.home.la_code)
    assert course.forecast.empty
    assert course.note.startswith("No forecast is drawn. ")


def test_a_chance_from_the_queue_is_drawn_with_the_queue_and_its_scenario(
    county_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    page = page_over(county_workspace, Role.OFFICER)
    rows = records(plan.milestones(page.key, SAMPLE_COUNTY, page.read_on))
    queued = [row for row in rows if row["chance_from"] == "backlog"]
    assert queued
    course = course_of(page, "overdue_cases", SAMPLE_COUNTY)
    drawn = outlook.queue(page.key, SAMPLE_COUNTY, queued[0]["chance_detail"])
    assert course.forecast["value_p90"].iloc[-1] == drawn["value_p90"].iloc[-1]
    assert drawn["scenario_title"].iloc[0] in course.note
    periods = list(course.forecast["period"])
    assert periods == sorted(set(periods))


@pytest.fixture
def queue_tells_the_rate(
    county_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> context.Context:
    """The officers' file of a release in which the queue decides a milestone of the rate."""
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    page = page_over(county_workspace, Role.OFFICER)
    path = tmp_path / "officer.duckdb"
    shutil.copyfile(page.key.path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update marts.backlog_chance set is_deciding = true, value_p10 = 61, value_p50 = 62,"
            " value_p90 = 63 where milestone = ?",
            [RATE_MILESTONE],
        )
        connection.execute(
            "update marts.plan_status set chance = 0.3, chance_from = 'backlog_rate',"
            " chance_detail = 'team-of-september', chance_scenario = 'A team comes' where milestone"
            " = ?",
            [RATE_MILESTONE],
        )
    return replace(page, key=replace(page.key, release="rate", path=str(path)))


def test_a_chance_from_the_rate_of_the_queue_is_drawn_with_that_rate(
    queue_tells_the_rate: context.Context,
) -> None:
    page = queue_tells_the_rate
    course = course_of(page, "plans_within_20_weeks_share", SAMPLE_COUNTY)
    assert "rate on time that follows from the simulated queue" in course.note
    ranges = course.forecast[["period", "value_p10", "value_p50", "value_p90"]]
    assert ranges.to_numpy().tolist()[1:] == [["2026-R12-12", 61.0, 62.0, 63.0]]


def test_a_chance_from_the_rate_of_the_queue_says_what_it_takes_to_hold(
    queue_tells_the_rate: context.Context,
) -> None:
    (row,) = [
        row
        for row in records(promises(queue_tells_the_rate, SAMPLE_COUNTY))
        if row["milestone"] == RATE_MILESTONE
    ]
    told = "Chance of meeting it: 30% if this holds: a team comes"
    assert milestone.chance(row).startswith(told)


def test_the_public_hears_of_the_queue_and_is_shown_no_other_range(
    county_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    page = page_over(county_workspace)
    course = course_of(page, "overdue_cases", SAMPLE_COUNTY)
    assert "backlog" in {row["chance_from"] for row in course.milestones}
    assert course.forecast.empty
    assert "for the council's officers" in course.note


def test_the_day_beside_a_level_is_that_of_the_milestone_that_is_judged(
    county_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another milestone of the measure may promise the same level for another day."""
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    page, path = page_over(county_workspace, Role.OFFICER), tmp_path / "officer.duckdb"
    shutil.copyfile(page.key.path, path)
    with duckdb.connect(str(path)) as connection:
        judged = (
            "(select milestone from marts.spc_series where kpi = 'overdue_cases'"
            " and period_kind = 'month')"
        )
        for table, change in (
            ("plan_milestone", ", date '2039-03-31' as current_due_date"),
            ("plan_status", ""),
        ):
            connection.execute(
                f"insert into marts.{table} select * replace ('later' as milestone{change}) "  # noqa: S608
                f"from marts.{table} where milestone = {judged}"
            )
        (due,) = connection.execute(
            f"select current_due_date from marts.plan_milestone where milestone = {judged}"  # noqa: S608
        ).fetchall()
    doubled = replace(page, key=replace(page.key, release="doubled", path=str(path)))
    assert due_day(doubled, "overdue_cases") == formats.day(due[0])
