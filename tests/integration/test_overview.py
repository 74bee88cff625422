"""The first page as texts and numbers, made from releases that the product itself published."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboards import context
from dashboards.overview import CardMilestone, Overview, councils, overview
from dashboards.queries import plan
from dashboards.role import Role
from pipelines.release.reader import current_release
from pipelines.settings import load_settings
from tests.conftest import APPROVAL

Run = Callable[..., subprocess.CompletedProcess[str]]

MILESTONE = "mainstream-as-england"
REASON = "The strategy runs a year longer than was announced."


@pytest.fixture(scope="module")
def moved_workspace(
    tmp_path_factory: pytest.TempPathFactory, sample_workspace: Path, run_send: Run
) -> Path:
    """The facts, published a second time after a milestone was moved and an action commented."""
    folder = tmp_path_factory.mktemp("moved") / "workspace"
    shutil.copytree(sample_workspace, folder)
    words = (MILESTONE, "--role", "inclusion-lead", "--date", "2030-01-31", "--reason", REASON)
    for command in (
        ("plan", "revise", *words),
        ("plan", "note", "mainstream-inclusion", "--role", "inclusion-lead", "--text", "Begun."),
        ("build",),
        ("publish", *APPROVAL),
    ):
        done = run_send(folder, *command)
        assert done.returncode == 0, done.stderr
    return folder


def page_over(workspace: Path, role: Role = Role.CABINET) -> context.Context:
    settings = load_settings(workspace)
    release = current_release(workspace)
    assert release is not None
    return context.over(settings, release, role)


def kpi(run: Run, workspace: Path, name: str, area: str) -> dict[str, object]:
    done = run(workspace, "kpi", name, "--area", area, "--json")
    values = json.loads(done.stdout)["values"]
    newest: dict[str, object] = max(
        (value for value in values if value["value"] is not None), key=lambda item: item["period"]
    )
    return newest


def test_every_card_holds_the_newest_figure_that_send_kpi_prints(
    sample_workspace: Path, run_send: Run
) -> None:
    page = page_over(sample_workspace)
    found = overview(page)
    assert 6 <= len(found.cards) <= 8
    for card in found.cards:
        newest = kpi(run_send, sample_workspace, card.kpi, found.area_code)
        assert card.value == pytest.approx(float(str(newest["value"])))
        assert str(newest["period_label"]) in card.period


def test_a_card_says_milestone_chance_and_sign_or_why_there_is_none(
    sample_workspace: Path,
) -> None:
    page = page_over(sample_workspace)
    cards = {card.kpi: card for card in overview(page).cards}
    promised = cards["mainstream_share"].milestone
    stated = (
        plan.milestones(page.key, page.home.la_code, page.read_on)
        .set_index("milestone")
        .loc[MILESTONE]
    )
    assert promised is not None
    assert promised.status == stated["plan_status"]
    assert "31 January 2029" in promised.text
    assert promised.chance.startswith(("Chance of meeting it:", "No chance is stated."))
    assert cards["plans_maintained"].milestone is None
    assert cards["plans_maintained"].no_milestone
    assert all(card.sign for card in cards.values())


def test_a_promise_whose_day_has_passed_since_awaits_its_figure(sample_workspace: Path) -> None:
    """A release is read for months: what was not yet due when it was built may be due by then."""
    page = page_over(sample_workspace)
    on_the_day, after = (
        overview(replace(page, read_on=day)) for day in (date(2029, 1, 31), date(2029, 2, 1))
    )
    before, now = promised(on_the_day), promised(after)
    assert before.status in ("not_yet_due", "at_risk")
    assert (now.status, now.word) == ("awaited", "Awaiting a figure")
    assert now.chance.startswith("No figure from that day on is held yet")
    assert "awaiting a figure" in after.lead[0]
    assert "awaiting a figure" not in on_the_day.lead[0]


def promised(found: Overview) -> CardMilestone:
    (card,) = (card for card in found.cards if card.kpi == "mainstream_share")
    assert card.milestone is not None
    return card.milestone


def test_the_plan_is_counted_as_it_stands(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    held = plan.milestones(page.key, page.home.la_code, page.read_on)
    assert f"{len(held)} milestones" in overview(page).lead[0]


def test_the_first_release_has_nothing_to_compare_with(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    assert page.previous is None
    found = overview(page).changed
    assert (found.before, found.lines) == ("", ())
    assert found.summary.startswith("No release was published before this one")


def test_a_second_release_with_the_same_figures_says_that_none_has_changed(
    moved_workspace: Path, sample_workspace: Path
) -> None:
    before = current_release(sample_workspace)
    page = page_over(moved_workspace)
    found = overview(page).changed
    assert before is not None
    assert page.previous is not None
    assert page.previous.release == before.id
    assert before.id in found.before
    assert found.lines == ()
    assert found.summary == "No figure on the cards has changed."


def test_a_figure_that_differs_from_the_release_before_is_named_with_both_values(
    moved_workspace: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(moved_workspace, folder)
    changed = _with_another_past(folder, "plans_maintained", 9_000)
    assert len(changed.changed.lines) == 1
    assert "Plans maintained" in changed.changed.lines[0]
    assert "9,000" in changed.changed.lines[0]
    card = next(card for card in changed.cards if card.kpi == "plans_maintained")
    assert card.value_text in changed.changed.lines[0]


def _with_another_past(workspace: Path, name: str, value: float) -> Overview:
    """The first page where the release before had another newest figure of one measure."""
    page = page_over(workspace)
    assert page.previous is not None
    with duckdb.connect(page.previous.path) as connection:
        connection.execute(
            """
            update marts.kpi_value set value = ?
            where kpi = ? and area_code = ? and is_shown and breakdown_topic = 'All'
                and period = (
                    select max(period) from marts.kpi_value
                    where kpi = ? and area_code = ? and period_kind = 'stock'
                )
            """,
            (value, name, page.home.area_code, name, page.home.area_code),
        )
    return overview(page)


def test_a_release_before_that_is_gone_is_as_if_there_were_none(
    moved_workspace: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(moved_workspace, folder)
    previous = page_over(folder).previous
    assert previous is not None
    shutil.rmtree(folder / "releases" / previous.release)
    assert page_over(folder).previous is None


def test_a_moved_milestone_keeps_its_first_promise_for_everybody(moved_workspace: Path) -> None:
    page = page_over(moved_workspace)
    row = (
        plan.milestones(page.key, page.home.la_code, page.read_on)
        .set_index("milestone")
        .loc[MILESTONE]
    )
    assert str(row["original_due_date"])[:10] == "2029-01-31"
    assert str(row["current_due_date"])[:10] == "2030-01-31"
    assert row["revision_reason"] == REASON


def test_what_officers_noted_is_in_their_file_and_not_in_the_public_one(
    moved_workspace: Path,
) -> None:
    officer = page_over(moved_workspace, Role.OFFICER)
    said = plan.notes(officer.key, officer.home.la_code)
    assert {"note", "revision"} <= set(said["entry_kind"])
    assert "Begun." in set(said["note_text"])
    public = plan.notes(page_over(moved_workspace).key, officer.home.la_code)
    reported = said[said["entry_kind"] == "status"]
    assert len(reported)
    assert list(public["note_text"]) == list(reported["note_text"])
    assert public["source_document"].notna().all()


def test_outside_a_sample_there_is_one_position(sample_workspace: Path) -> None:
    page = page_over(sample_workspace)
    assert [council.la_code for council in councils(page)] == [page.home.la_code]
