"""The course of a measure: the range drawn is the one that the chance of a milestone rests on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboards import context
from dashboards.charts.outlook import FORECAST
from dashboards.components.outlook import Course, with_forecast
from dashboards.queries import figures, outlook, plan
from dashboards.queries.frozen import records
from dashboards.role import Role
from pipelines.release.reader import current_release
from pipelines.settings import SAMPLE_COUNTY, load_settings


def page_over(workspace: Path, role: Role = Role.CABINET) -> context.Context:
    settings = load_settings(workspace)
    release = current_release(workspace)
    assert release is not None
    return context.over(settings, release, role)


def course_of(page: context.Context, kpi: str, la_code: str) -> Course:
    """The course of a whole measure with its forecast."""
    measure = page.measures[kpi]
    area = page.areas.loc[page.areas["la_code"] == la_code, "area_code"].iloc[0]
    rows = [row for row in records(plan.milestones(page.key, la_code)) if row["kpi"] == kpi]
    course = Course(
        subject=measure.short_title,
        name=measure.title,
        area=area,
        unit=measure.unit,
        decimals=measure.decimals,
        topic="All",
        history=figures.series(page.key, kpi, (area,)),
        forecast=pd.DataFrame(columns=list(FORECAST)),
        milestones=tuple(rows),
        note="",
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
    rows = records(plan.milestones(page.key, SAMPLE_COUNTY))
    queued = [row for row in rows if row["chance_from"] == "backlog"]
    assert queued
    course = course_of(page, "overdue_cases", SAMPLE_COUNTY)
    drawn = outlook.queue(page.key, SAMPLE_COUNTY, queued[0]["chance_detail"])
    assert course.forecast["value_p90"].iloc[-1] == drawn["value_p90"].iloc[-1]
    assert drawn["scenario_title"].iloc[0] in course.note
    periods = list(course.forecast["period"])
    assert periods == sorted(set(periods))


def test_the_public_hears_of_the_queue_and_is_shown_no_other_range(
    county_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    page = page_over(county_workspace)
    course = course_of(page, "overdue_cases", SAMPLE_COUNTY)
    assert "backlog" in {row["chance_from"] for row in course.milestones}
    assert course.forecast.empty
    assert "for the council's officers" in course.note
