"""What changed since the release before, in the delivery plan and in the register of statements."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from dashboards import context
from dashboards.changed import Changed, Part
from dashboards.overview import overview
from dashboards.queries.frozen import Key
from dashboards.reports.one_page import content, printed
from dashboards.role import Role
from pipelines.release.reader import current_release
from pipelines.settings import load_settings
from tests.twins import twin
from tests.unit.dashboards.test_reports_one_page import MOMENT, text_of

# What differs from the sample release in the one before it; the context that reads both.
Over = Callable[..., context.Context]

SHARE = "The share of plans in mainstream schools is England's"
BUILT_EARLY = "update marts.release set built_at = '2020-01-01T09:00:00+00:00'"
NO_PLAN = "The release before holds no delivery plan that can be compared with this one."
NO_VERDICTS = "The release before holds no verdicts that can be compared with these."
EVERYTHING = (
    "update marts.kpi_value set value = 2 * value + 10 where value is not null",
    "update marts.plan_milestone set current_due_date = current_due_date - interval 1 year, "
    "current_value = current_value - 1",
    "update marts.plan_status set plan_status = 'missed' where plan_version = 'current'",
    "update marts.claim set verdict = case verdict when 'different_bases' then 'confirmed' "
    "else 'different_bases' end",
)


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory, sample_workspace: Path) -> Over:
    """A context over the sample release, after one that differs by what the statements change."""
    folder = tmp_path_factory.mktemp("changed") / "workspace"
    shutil.copytree(sample_workspace, folder)
    settings, numbers = load_settings(folder), count(1)
    first = current_release(folder)
    assert first is not None
    page = context.over(settings, first, Role.CABINET)

    def made(*statements: str) -> context.Context:
        before = twin(settings, first, next(numbers), *statements)
        key = Key(before.id, page.key.role, str(before.public_path))
        return replace(page, previous=key)

    return made


def parts(found: Changed) -> tuple[Part, Part]:
    plan, statements = found.parts
    return plan, statements


def test_a_plan_and_a_register_as_they_were_are_said_to_be_so(over: Over) -> None:
    plan, statements = parts(overview(over()).changed)
    assert plan.summary == "No milestone of the delivery plan was moved or has another status."
    assert statements.summary == "No public statement has another verdict."
    assert plan.lines == statements.lines == ()
    assert plan.more == statements.more == ""


def test_the_first_release_tells_of_no_plan_and_of_no_register(over: Over) -> None:
    found = overview(replace(over(), previous=None)).changed
    assert found.summary.startswith("No release was published before this one")
    assert found.parts == ()


@pytest.mark.parametrize(
    ("statement", "summary", "line"),
    [
        (
            "update marts.plan_milestone set current_due_date = date '2028-01-31' "
            "where milestone = 'mainstream-as-england'",
            "1 was moved",
            f"{SHARE}: was due on 31 January 2028, is now due on 31 January 2029.",
        ),
        (
            "update marts.plan_milestone set current_value = 95 "
            "where milestone = 'within-20-weeks-2029'",
            "1 was moved",
            "Every plan of the year is issued within 20 weeks: was at least 95%, is now 100%.",
        ),
        (
            "update marts.plan_status set plan_status = 'not_yet_due' "
            "where milestone = 'mainstream-as-england'",
            "1 has another status",
            f"{SHARE}: was not yet due, is now at risk.",
        ),
        (
            "delete from marts.plan_milestone where milestone = 'mainstream-as-england'",
            "1 is new",
            f"{SHARE}: new, the figure of England (45.5% so far) by 31 January 2029.",
        ),
    ],
    ids=["day", "value", "status", "new"],
)
def test_a_milestone_that_differs_is_named_with_both(
    over: Over, statement: str, summary: str, line: str
) -> None:
    plan, statements = parts(overview(over(statement)).changed)
    assert plan.summary == f"Of the delivery plan's milestones, {summary}."
    assert plan.lines == (line,)
    assert statements.lines == ()


def test_a_milestone_that_was_taken_away_stands_last(over: Over) -> None:
    gone = "update marts.plan_{} set milestone = 'given-up' where milestone = 'overdue-cleared'"
    page = over(gone.format("milestone"), gone.format("status"))
    plan, _ = parts(overview(page).changed)
    assert plan.summary == "Of the delivery plan's milestones, 1 is new and 1 was taken away."
    assert plan.lines[0].startswith("The overdue assessments are cleared by Christmas 2025: new, ")
    assert plan.lines[1].startswith("The overdue assessments are cleared by Christmas 2025: taken")


def test_a_day_that_passed_since_the_release_before_was_built_changes_the_status(
    over: Over,
) -> None:
    """Neither release says so itself: the day of reading does."""
    page = over()
    on_the_day, after = (
        parts(overview(replace(page, read_on=day)).changed)[0]
        for day in (date(2029, 1, 31), date(2029, 2, 1))
    )
    assert on_the_day.lines == ()
    assert after.lines == (f"{SHARE}: was at risk, is now awaiting a figure.",)


def test_a_day_that_had_passed_when_the_release_before_was_built_changes_nothing(
    over: Over,
) -> None:
    """Both await the figure, as both were read."""
    page = over("update marts.release set built_at = '2029-02-01T09:00:00+00:00'")
    plan, _ = parts(overview(replace(page, read_on=date(2029, 2, 2))).changed)
    assert plan.lines == ()


def test_a_verdict_that_differs_is_named_with_both(over: Over) -> None:
    page = over("update marts.claim set verdict = 'confirmed' where claim_id = 'C18'")
    plan, statements = parts(overview(page).changed)
    assert plan.lines == ()
    assert statements.summary == "Of the public statements, 1 has another verdict."
    (line,) = statements.lines
    assert line.startswith("C18, Staffordshire now maintains 8,300 plans")
    assert line.endswith("the verdict was “confirmed”, it is now “out of date”.")


@pytest.mark.parametrize(
    "statements",
    [
        ("drop table marts.plan_status", "drop table marts.claim"),
        (
            "alter table marts.plan_milestone drop column current_due_date",
            "alter table marts.claim drop column verdict",
        ),
        ("delete from marts.plan_milestone", "delete from marts.claim"),
    ],
    ids=["table", "column", "rows"],
)
def test_an_earlier_file_that_lacks_them_is_said_to(over: Over, statements: tuple[str]) -> None:
    found = overview(over(*statements)).changed
    assert found.summary == "No figure on the cards has changed."
    assert found.parts == (Part(NO_PLAN), Part(NO_VERDICTS))


def test_an_earlier_file_with_older_figures_still_tells_of_the_plan(over: Over) -> None:
    found = overview(
        over(
            "alter table marts.kpi_value drop column previous_symbol",
            "alter table marts.kpi_value drop column is_revised",
        )
    ).changed
    assert found.summary == "The release before holds no figures that can be compared with these."
    assert found.lines == ()
    assert len(found.parts) == 2


def test_of_another_council_the_register_is_not_told(over: Over) -> None:
    page = over("update marts.claim set verdict = 'confirmed' where claim_id = 'C18'")
    other = page.home.model_copy(update={"la_code": "999"})
    assert overview(page, other).changed.parts == ()


def test_a_register_of_another_council_is_not_compared_number_by_number(over: Over) -> None:
    other = "update marts.release set council = '000'"
    reworded = "update marts.claim set verdict = 'different_bases'"
    (plan,) = overview(over(other, reworded)).changed.parts
    assert "milestone" in plan.summary


def test_of_many_the_first_are_named_and_the_sheet_of_a4_holds(over: Over) -> None:
    page = over(*EVERYTHING)
    found = overview(page)
    plan, statements = parts(found.changed)
    assert (
        plan.summary == "Of the delivery plan's milestones, 9 were moved and 9 have another status."
    )
    assert (len(plan.lines), len(statements.lines)) == (3, 3)
    assert plan.more == "And 6 more; the page Delivery plan shows how each stands."
    assert statements.more.endswith("the page Statements checked shows how each stands.")
    text = text_of(printed(content(page, found), MOMENT))
    told = (plan.summary, *plan.lines, statements.summary, *statements.lines)
    assert [words for words in told if words not in text] == []
