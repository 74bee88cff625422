"""What happened is in the release for every reader, and each chart of its measures marks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboards import context
from dashboards.components import backlog_on_time, comparison, outlook, signal
from dashboards.components.chart_panel import Panel
from dashboards.components.comparison import Choice
from dashboards.role import Role
from pipelines.registry.events import events
from pipelines.release.reader import current_release
from pipelines.settings import SAMPLE_COUNTY, load_settings

TEAM = "Extra team"
NOTE = "Marked Extra team, 1 September 2025: A team of twenty began"
SPOKEN = "marked 1 September 2025: extra team"


def page_over(workspace: Path, role: Role = Role.CABINET) -> context.Context:
    settings = load_settings(workspace)
    release = current_release(workspace)
    assert release is not None
    return context.over(settings, release, role)


@pytest.fixture
def officer(county_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> context.Context:
    monkeypatch.setenv("SEND_COUNCIL", SAMPLE_COUNTY)
    return page_over(county_workspace, Role.OFFICER)


def marked(figure: Any) -> list[str]:
    return [note.text for note in figure.layout.annotations if note.yref == "paper"]


def assert_told(figure: Any, panel: Panel) -> None:
    assert TEAM in marked(figure)
    assert [note for note in panel.notes if note.startswith(NOTE)]
    assert SPOKEN in panel.alt


def test_months_mark_the_team_in_chart_words_table_and_alt_text(officer: context.Context) -> None:
    made = signal._made(officer, "overdue_cases", "months", ())
    assert made is not None
    figure, panel, _ = made
    assert_told(figure, panel)
    (line,) = [shape.x0 for shape in figure.layout.shapes]
    assert line == 2025 * 12 + 8
    (month,) = panel.table.loc[panel.table["Event"] == TEAM, "Month"]
    assert month == "September 2025"
    assert "Event" not in panel.numbers


def test_the_line_of_years_marks_the_team(officer: context.Context) -> None:
    made = backlog_on_time._years(officer, is_cleared=False)
    assert made is not None
    assert_told(*made[:2])


def test_the_outlook_marks_the_team_in_its_table_and_its_file(officer: context.Context) -> None:
    kpi = "plans_within_20_weeks_share"
    made = outlook._whole(officer, officer.measures[kpi], "outlook", SAMPLE_COUNTY)
    assert made is not None
    figure, panel, _ = made
    assert_told(figure, panel)
    assert f"Event: {TEAM}" in set(panel.table["What"])
    assert TEAM in set(panel.data.loc[panel.data["kind"] == "event", "event"])


@pytest.mark.parametrize("role", [Role.CABINET, Role.OFFICER], ids=["cabinet", "officer"])
def test_every_reader_of_the_facts_sees_what_the_council_s_documents_state(
    sample_workspace: Path, role: Role
) -> None:
    page = page_over(sample_workspace, role)
    choice = Choice(page.measures["mainstream_share"], page.home.area_code, (page.england,), "none")
    made = comparison.comparison(page, choice, "compare")
    assert made is not None
    figure, panel = made
    stated = [
        event.label
        for event in events(page.settings.council_folder)
        if "mainstream_share" in event.measures
    ]
    assert stated == ["SEND strategy", "Joint strategy"]
    assert [words for words in marked(figure) if words in stated] == stated
    assert "Web page on SEND support and where to find it" in " ".join(panel.notes)


def test_another_authority_s_line_is_not_marked_with_ours(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    choice = Choice(page.measures["mainstream_share"], page.england, (page.home.area_code,), "none")
    made = comparison.comparison(page, choice, "compare")
    assert made is not None
    assert "SEND strategy" not in marked(made[0])
