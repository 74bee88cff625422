"""The backlog as the house judges it: autumn 2025, 300 overdue cases and a team that begins."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.judgement.backlog import DO_NOT_RELY, _note
from pipelines.judgement.plan_status import CHANCE_DECIMALS
from tests.unit.judgement.queue_rows import autumn_2025, cases, judged, milestone, rows, weeks

START = date(2025, 9, 1)
CHRISTMAS = date(2025, 12, 25)
TEAM = """
la_code: "999"
scenarios:
  - id: team
    title: The team stays
    is_current: {is_current}
    actions:
      - kind: staff
        title: A team since September
        starts_on: 2025-09-01
        value: {size}
        is_assumption: true
        why: A size for this test alone.
"""

Row = dict[str, Any]


def council(folder: Path, size: int = 20, is_current: str = "true") -> Path:
    path = folder / "999"
    path.mkdir(exist_ok=True)
    text = TEAM.format(size=size, is_current=is_current)
    (path / "scenarios.yml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The tables of the made-up county of autumn 2025, with a promise for Christmas."""
    held, waiting = autumn_2025()
    folder = council(tmp_path_factory.mktemp("county"))
    connection = judged(folder, held, {START: waiting}, [milestone(CHRISTMAS)])
    yield connection
    connection.close()


def forecasts(connection: Any) -> dict[tuple[str, str], Row]:
    found = rows(connection, "from marts.backlog_forecast")
    return {(row["scenario"], row["work_order"]): row for row in found}


def test_each_scenario_is_told_in_both_orders(told: Any) -> None:
    found = forecasts(told)
    assert set(found) == {
        (scenario, order)
        for scenario in ("as-now", "team")
        for order in ("oldest_first", "newest_first")
    }
    assert {(row["open_count"], row["overdue_count"]) for row in found.values()} == {(860, 300)}


def test_as_it_ran_the_backlog_is_not_cleared_and_with_the_team_it_is_by_new_year(
    told: Any,
) -> None:
    found = forecasts(told)
    now, team = found["as-now", "oldest_first"], found["team", "oldest_first"]
    assert now["clear_date_p50"] is None
    assert now["never_share"] > 0.9
    assert now["chance"] == 0
    assert CHRISTMAS - timedelta(weeks=4) < team["clear_date_p50"] < date(2026, 1, 10)
    assert team["clear_date_p10"] <= team["clear_date_p50"] <= team["clear_date_p90"]
    assert 0.1 < team["chance"] < 0.9


def test_newest_first_clears_later_than_oldest_first(told: Any) -> None:
    found = forecasts(told)
    later, sooner = found["team", "newest_first"], found["team", "oldest_first"]
    assert later["clear_date_p50"] > sooner["clear_date_p50"]


def test_the_ratios_and_the_needed_capacity_fit_together(told: Any) -> None:
    team = forecasts(told)["team", "oldest_first"]
    now = forecasts(told)["as-now", "oldest_first"]
    assert float(team["completions_a_week"] - now["completions_a_week"]) == pytest.approx(20)
    assert 0.9 < now["queue_load"] < 1.1 < 1 / team["queue_load"]
    assert now["relief_weeks"] == 16
    # To be clear with 80% chance takes somewhat more than the team that has a lesser chance.
    assert 0 < now["needed_capacity"] - team["completions_a_week"] < 5


def test_clearing_old_cases_lowers_the_rate_and_the_late_ones_are_told(told: Any) -> None:
    month = """
        select * from marts.backlog_week
        where scenario = 'team' and work_order = '{}' and week_number = {}
    """
    (first,) = rows(told, month.format("oldest_first", 4))
    (fifth,) = rows(told, month.format("oldest_first", 20))
    (newest,) = rows(told, month.format("newest_first", 4))
    assert first["on_time_pct_p50"] == 0
    assert first["late_finished_p50"] == first["finished_p50"] > 150
    assert fifth["on_time_pct_p50"] > 70
    assert newest["on_time_pct_p50"] == 100


def test_the_rate_stands_at_the_end_of_four_weeks_only(told: Any) -> None:
    question = "select week_number from marts.backlog_week where finished_p50 is not null"
    assert {row["week_number"] % 4 for row in rows(told, question)} == {0}


def test_the_milestone_has_the_chance_of_what_is_being_done(told: Any) -> None:
    team = forecasts(told)["team", "oldest_first"]
    found = rows(told, "from marts.plan_status")
    assert {row["plan_version"] for row in found} == {"original", "current"}
    chance = round(team["chance"], CHANCE_DECIMALS)
    assert {(row["chance"], row["chance_from"]) for row in found} == {(chance, "backlog")}
    assert {row["chance_detail"] for row in found} == {"team"}
    as_now = round(forecasts(told)["as-now", "oldest_first"]["chance"], CHANCE_DECIMALS)
    assert {row["chance_as_now"] for row in found} == {as_now}


def test_the_milestone_is_told_the_months_of_the_forecast_of_what_is_being_done(told: Any) -> None:
    team = forecasts(told)["team", "oldest_first"]
    for row in rows(told, "from marts.plan_status"):
        for share in ("p10", "p50", "p90"):
            day = team[f"clear_date_{share}"]
            assert row[f"reached_month_{share}"] == (day.replace(day=1) if day else None)
    assert team["clear_date_p50"]


@pytest.mark.parametrize(("size", "status"), [(5, "at_risk"), (40, "not_yet_due")])
def test_a_milestone_is_at_risk_below_an_even_chance(
    size: int, status: str, tmp_path: Path
) -> None:
    held, waiting = autumn_2025()
    made = judged(council(tmp_path, size), held, {START: waiting}, [milestone(CHRISTMAS)])
    assert {row["plan_status"] for row in rows(made, "from marts.plan_status")} == {status}


def test_without_a_scenario_that_is_being_done_the_queue_as_it_runs_decides(
    tmp_path: Path,
) -> None:
    held, waiting = autumn_2025()
    folder = council(tmp_path, 40, is_current="false")
    made = judged(folder, held, {START: waiting}, [milestone(CHRISTMAS)])
    found = rows(made, "from marts.plan_status")
    assert {(row["plan_status"], row["chance_detail"]) for row in found} == {("at_risk", "as-now")}
    assert {row["chance_as_now"] for row in found} == {None}


def test_each_version_of_a_moved_milestone_has_its_own_chance(tmp_path: Path) -> None:
    held, waiting = autumn_2025()
    moved = milestone(CHRISTMAS, current_due_date=date(2026, 3, 31))
    made = judged(council(tmp_path), held, {START: waiting}, [moved])
    chances = {row["plan_version"]: row["chance"] for row in rows(made, "from marts.plan_status")}
    assert chances["original"] < chances["current"]


@pytest.mark.parametrize("status", ["met", "missed", "not_measured"])
def test_what_date_and_value_decide_is_left_as_it_is(status: str, tmp_path: Path) -> None:
    held, waiting = autumn_2025()
    decided = milestone(CHRISTMAS, milestone_status=status, original_status=status)
    made = judged(council(tmp_path), held, {START: waiting}, [decided])
    found = rows(made, "from marts.plan_status")
    assert {(row["plan_status"], row["chance"]) for row in found} == {(status, None)}


def test_a_day_beyond_the_weeks_simulated_has_no_chance(tmp_path: Path) -> None:
    held, waiting = autumn_2025()
    made = judged(council(tmp_path), held, {START: waiting}, [milestone(date(2029, 1, 31))])
    assert {row["chance"] for row in rows(made, "from marts.plan_status")} == {None}
    assert {row["chance"] for row in rows(made, "from marts.backlog_forecast")} == {None}


@pytest.mark.parametrize(
    ("about", "stated", "why"),
    [
        ({}, [], "The queue is simulated as far as 30 August 2027, and no further."),
        ({}, ["Withheld."], "The queue is simulated as far as 30 August 2027, and no further."),
        ({"kpi": "new_plans"}, ["Tested as far as 2026."], "Tested as far as 2026."),
        ({"kpi": "new_plans"}, [], "Nothing forecasts this measure."),
        ({"breakdown_topic": "Plan action", "breakdown": "clear"}, [], "a part of a measure"),
        ({"milestone_status": "met", "original_status": "met"}, ["Tested as far as 2026."], None),
    ],
    ids=[
        "beyond the queue",
        "beyond the queue and withheld",
        "a forecast that does not reach",
        "no forecast",
        "a part of a measure",
        "met already",
    ],
)
def test_an_open_milestone_without_a_chance_says_why(
    about: Row, stated: list[str], why: str | None, tmp_path: Path
) -> None:
    held, waiting = autumn_2025()
    open_one = milestone(date(2029, 1, 31), **about)
    chances = [
        {
            "milestone": "cleared",
            "plan_version": version,
            "la_code": "999",
            "kpi": "overdue_cases",
            "forecast": "own_months/overdue_cases/999/month",
            "why_not": said,
        }
        for said in stated
        for version in ("original", "current")
    ]
    made = judged(council(tmp_path), held, {START: waiting}, [open_one], chances)
    for row in rows(made, "from marts.plan_status"):
        assert row["chance"] is None
        assert row["why_not"] is None if why is None else why in row["why_not"]


def test_a_queue_whose_past_nobody_held_says_that_nothing_tests_it(told: Any) -> None:
    (row,) = rows(told, "select distinct stray_a_week, forecast_note from marts.backlog_forecast")
    assert row["stray_a_week"] == 0
    assert row["forecast_note"] == f"No earlier return or extract tests this. {DO_NOT_RELY}"


def test_a_pace_that_strayed_before_widens_what_is_said_now(tmp_path: Path) -> None:
    # Half a year at 20 a week, then half a year at 32: each half is a surprise to the other.
    came = [26] * 104
    gone = [20 if week % 52 < 26 else 32 for week in range(104)]
    held = weeks(date(2024, 1, 1), came, gone)
    level, days = 300, {}
    for number in range(12, 24):
        day = date(2024 + number // 12, number % 12 + 1, 28)
        week = (day - date(2024, 1, 1)).days // 7
        level = 300 + sum(came[:week]) - sum(gone[:week])
        days[day] = cases(f"open on {day}", [*range(140), *([200] * level)])
    made = judged(council(tmp_path), held, days)
    (row,) = rows(
        made,
        "select distinct stray_a_week, forecast_note from marts.backlog_forecast "
        "where work_order = 'oldest_first'",
    )
    assert row["stray_a_week"] > 2
    question = (
        "select avg(cast(actual_count between overdue_p10 and overdue_p90 as integer)) as held "
        "from marts.backlog_test where work_order = 'oldest_first'"
    )
    (found,) = rows(made, question)
    # Two paces and nothing between are more than any range can learn; then the note says so.
    assert 0.5 < found["held"] < 0.75
    assert f"held {100 * found['held']:.0f}% of 36 past values." in row["forecast_note"]
    assert "lets the pace stray" in row["forecast_note"]
    assert row["forecast_note"].endswith(DO_NOT_RELY)


def test_each_order_of_work_tells_its_own_record(tmp_path: Path) -> None:
    # Worked oldest first, as it was: of 300 old cases 10 more leave a week than join.
    days = {}
    for number in range(12, 24):
        day = date(2024 + number // 12, number % 12 + 1, 28)
        level = 1000 - 10 * ((day - date(2024, 1, 1)).days // 7)
        days[day] = cases(f"open on {day}", [*range(140), *([200] * max(level, 0))])
    held = weeks(date(2024, 1, 1), [10] * 104, [20] * 104)
    made = judged(council(tmp_path), held, days)
    question = """
        select
            work_order,
            100 * avg(cast(actual_count between overdue_p10 and overdue_p90 as integer)) as held
        from marts.backlog_test group by work_order
    """
    found = {row["work_order"]: row["held"] for row in rows(made, question)}
    assert len({f"{held:.0f}" for held in found.values()}) == 2
    for (_, order), row in forecasts(made).items():
        name = order.replace("_", " ").capitalize()
        assert row["forecast_note"].startswith(
            f"{name}, the 80% range held {found[order]:.0f}% of 36 past values."
        )
        is_sound = 75 <= round(found[order]) <= 85
        assert row["forecast_note"].endswith(DO_NOT_RELY) != is_sound


@pytest.mark.parametrize(
    ("held", "is_doubted"),
    [(14, True), (15, False), (17, False), (18, True), (0, True), (20, True)],
)
def test_a_record_outside_75_to_85_per_cent_is_not_to_be_relied_on(
    held: int, is_doubted: bool
) -> None:
    tests = [
        {
            "work_order": "newest_first",
            "overdue_p10": 0,
            "overdue_p90": 10,
            "actual_count": 5 if place < held else 11,
        }
        for place in range(20)
    ]
    note = _note(tests, "newest first", 3.0)
    assert note.startswith(f"Newest first, the 80% range held {5 * held}% of 20 past values.")
    assert (DO_NOT_RELY in note) == is_doubted
    assert "stray" not in note
    assert _note(tests, "oldest first", 3.0).startswith("No earlier return or extract")


def test_the_same_rows_give_the_same_forecast(told: Any, tmp_path: Path) -> None:
    held, waiting = autumn_2025()
    again = judged(council(tmp_path), held, {START: waiting}, [milestone(CHRISTMAS)])
    for table in ("backlog_forecast", "backlog_week", "plan_status"):
        assert rows(told, f"from marts.{table}") == rows(again, f"from marts.{table}")


def test_with_less_than_half_a_year_of_weeks_nothing_is_said(tmp_path: Path) -> None:
    _, waiting = autumn_2025()
    for count, forecast_count in ((25, 0), (26, 4)):
        held = weeks(START - timedelta(weeks=count), [28] * count, [28] * count)
        made = judged(council(tmp_path), held, {START: waiting})
        assert len(rows(made, "from marts.backlog_forecast")) == forecast_count


def test_weeks_before_a_gap_are_not_drawn_from(tmp_path: Path) -> None:
    held, waiting = autumn_2025()
    made = judged(council(tmp_path), held[:10] + held[11:], {START: waiting})
    (months,) = {row["history_weeks"] for row in rows(made, "from marts.backlog_forecast")}
    assert months == 41


def test_earlier_forecasts_are_held_against_what_came(tmp_path: Path) -> None:
    """A queue that runs as steadily as this is forecast to within a case or two."""
    days = [date(2025, 7, 31), date(2025, 8, 31)]
    held = weeks(date(2024, 7, 1), [10] * 61, [4] * 61)
    ages = {days[0]: range(0, 210, 1), days[1]: range(0, 231, 1)}
    made = judged(council(tmp_path), held, {day: cases("", list(ages[day])) for day in days})
    found = rows(made, "select * from marts.backlog_test where work_order = 'oldest_first'")
    assert [(row["queue_date"], row["months_ahead"]) for row in found] == [(days[0], 1)]
    (test,) = found
    assert test["overdue_count"] == 69
    assert test["actual_count"] == 90
    assert float(test["overdue_p50"]) == pytest.approx(69 + 28 - 16, abs=2)


def test_a_milestone_within_the_month_has_its_chance_and_its_capacity(tmp_path: Path) -> None:
    """Less than the four weeks over which the on-time rate is counted."""
    held, waiting = autumn_2025()
    soon = milestone(START + timedelta(days=15))
    made = judged(council(tmp_path), held, {START: waiting}, [soon])
    found = forecasts(made)["team", "oldest_first"]
    assert found["chance"] == 0
    assert found["needed_capacity"] > 140


def test_two_extracts_within_a_week_are_not_held_against_each_other(tmp_path: Path) -> None:
    days = [date(2025, 7, 31), date(2025, 8, 5)]
    held = weeks(date(2024, 7, 1), [10] * 60, [4] * 60)
    made = judged(council(tmp_path), held, {day: cases("", [10, 150]) for day in days})
    assert rows(made, "from marts.backlog_test") == []


def test_a_queue_without_overdue_cases_is_clear_on_the_day_itself(tmp_path: Path) -> None:
    held = weeks(date(2024, 7, 1), [10] * 60, [12] * 60)
    made = judged(council(tmp_path), held, {START: cases("", list(range(0, 140, 3)))})
    found = forecasts(made)["as-now", "oldest_first"]
    assert found["overdue_count"] == 0
    assert found["clear_date_p10"] == found["clear_date_p90"] == START
