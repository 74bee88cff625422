"""From the day after a milestone's day everything that is told of it awaits a figure."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards import context
from dashboards.components.promises import promises
from dashboards.components.reports import report_bytes
from dashboards.queries.frozen import records
from dashboards.reports.kinds import Kind
from dashboards.reports.plan_sheets import milestones_sheet
from dashboards.words import milestone as words
from pipelines.registry.plan_rows import held_plan
from pipelines.release.backlog_json import OF_CHANCE, milestones
from pipelines.release.plan_json import milestone_lines, standing
from pipelines.release.reader import current_release
from tests.integration.test_overview import MILESTONE, page_over

ON_THE_DAY, AFTER = date(2029, 1, 31), date(2029, 2, 1)
OF_ITS_CHANCE = ("Chance of meeting it (per cent)", "Chance as in the past year (per cent)")


def promised(page: context.Context, read_on: date) -> dict[str, Any]:
    rows = records(promises(replace(page, read_on=read_on), page.home.la_code))
    (found,) = (row for row in rows if row["milestone"] == MILESTONE)
    return found


def test_the_workbook_tells_no_chance_of_what_is_awaited(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    place = [row["milestone"] for row in records(promises(page, page.home.la_code))].index(
        MILESTONE
    )
    before, now = (
        milestones_sheet(replace(page, read_on=day), page.home) for day in (ON_THE_DAY, AFTER)
    )
    assert before is not None
    assert now is not None
    assert before.table.loc[place, OF_ITS_CHANCE[0]] != "[z]"
    assert now.table.loc[place, "Status"] == "awaiting a figure"
    assert {now.table.loc[place, name] for name in OF_ITS_CHANCE} == {"[z]"}


def test_a_report_is_made_anew_on_another_day(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    before, again, now = (
        report_bytes(replace(page, read_on=day), Kind.WORKBOOK, page.home)
        for day in (ON_THE_DAY, ON_THE_DAY, AFTER)
    )
    assert before == again
    assert before != now


def test_a_chance_whose_release_did_not_name_its_condition_is_not_told_without_one(
    sample_workspace: Path, tmp_path: Path
) -> None:
    page, path = page_over(sample_workspace), tmp_path / "public.duckdb"
    shutil.copyfile(page.key.path, path)
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("alter table marts.plan_status drop column chance_scenario")
        connection.execute("alter table marts.plan_status drop column chance_as_now")
        connection.execute(
            "update marts.plan_status set chance_from = 'backlog', chance_detail = 'team' "
            "where milestone = ?",
            [MILESTONE],
        )
    older = replace(page, key=replace(page.key, release="older", path=str(path)))
    told = words.chance(promised(older, ON_THE_DAY))
    assert "if this holds: what the council had declared by then is done, by the simulated" in told
    assert "if this holds" not in words.chance(promised(older, AFTER))


@pytest.mark.parametrize(("read_on", "status"), [(ON_THE_DAY, "at_risk"), (AFTER, "awaited")])
def test_the_commands_say_the_same_as_the_pages(
    sample_workspace: Path, monkeypatch: pytest.MonkeyPatch, read_on: date, status: str
) -> None:
    page = page_over(sample_workspace)
    release = current_release(sample_workspace)
    assert release is not None
    with closing(duckdb.connect(str(release.officer_path), read_only=True)) as officer:
        seen = replace(standing(officer, release.id, "860"), read_on=read_on)
        rows = milestones(officer, "860", ("mainstream_share",), read_on)
    held = held_plan(page.settings)
    assert held is not None
    lines = [line["milestone"] for line in milestone_lines(held, seen)]
    (listed,) = (line for line in lines if line.get("id") == MILESTONE)
    (forecast,) = (
        row for row in rows if (row["milestone"], row["plan_version"]) == (MILESTONE, "current")
    )
    assert promised(page, read_on)["plan_status"] == status
    assert (listed["status"], forecast["plan_status"]) == (status, status)
    for told in (listed, forecast):
        assert [told[name] is None for name in OF_CHANCE[:3]] == [status == "awaited"] * 3
