"""A milestone in words: promise, status and chance are true for any state, and never certain."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.components.marks import standing_html, status_mark
from dashboards.words import milestone, plan


def row(**changed: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "unit": "percent",
        "decimals": 1,
        "newest_decimals": 1,
        "polarity": "high_is_good",
        "level_value": 75.0,
        "current_value": 75.0,
        "first_level_value": 75.0,
        "original_value": 75.0,
        "level_area_name": None,
        "original_due_date": dt.date(2026, 12, 31),
        "current_due_date": dt.date(2026, 12, 31),
        "plan_status": "not_yet_due",
        "chance": None,
        "chance_from": None,
        "chance_detail": None,
        "why_not": None,
        "revision_count": 0,
        "deciding_value": None,
        "deciding_period": None,
    }
    return base | changed


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "At least 75% by 31 December 2026"),
        ({"level_value": 45.5}, "At least 45.5% by 31 December 2026"),
        ({"level_value": 100.0}, "100% by 31 December 2026"),
        (
            {"polarity": "low_is_good", "unit": "count", "decimals": 0, "level_value": 10.0},
            "At most 10 by 31 December 2026",
        ),
        (
            {"polarity": "low_is_good", "unit": "count", "decimals": 0, "level_value": 0.0},
            "Down to 0 by 31 December 2026",
        ),
        (
            {"level_area_name": "England", "level_value": 45.5},
            "The figure of England (45.5% so far) by 31 December 2026",
        ),
        (
            {"level_area_name": "England", "level_value": None, "current_value": None},
            "The figure of England by 31 December 2026",
        ),
        (
            {"level_value": None, "current_value": 70.0, "decimals": None},
            "At least 70% by 31 December 2026",
        ),
    ],
    ids=["share", "decimals", "whole", "at most", "zero", "area", "area unknown", "not measured"],
)
def test_a_promise_is_said_as_it_was_made(changed: dict[str, Any], expected: str) -> None:
    assert milestone.promise(row(**changed)) == expected


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (0.0, "under 1%"),
        (0.0099, "under 1%"),
        (0.01, "1%"),
        (0.045, "5%"),
        (0.5, "50%"),
        (0.99, "99%"),
        (0.9995, "over 99%"),
        (1.0, "over 99%"),
    ],
)
def test_no_chance_is_told_as_certain(chance: float, expected: str) -> None:
    assert milestone.percent(chance) == expected


@given(st.floats(0, 1))
def test_a_chance_never_reads_as_none_or_all(chance: float) -> None:
    assert milestone.percent(chance) not in ("0%", "100%")


def test_a_chance_says_what_it_rests_on() -> None:
    said = milestone.chance(
        row(chance=0.2, chance_from="forecast", chance_detail="own_months/a/999/month")
    )
    assert said == "Chance of meeting it: 20%, by a forecast from the measure's own months"
    said = milestone.chance(row(chance=0.2, chance_from="backlog", chance_detail="as-now"))
    assert said.endswith("by the simulated queue of assessments")
    said = milestone.chance(row(chance=0.2, chance_from="backlog_rate", chance_detail="as-now"))
    assert said.endswith("by the rate on time that follows from the simulated queue of assessments")


def test_a_chance_by_the_queue_names_what_it_takes_to_hold() -> None:
    queued = row(chance=0.999, chance_from="backlog", chance_scenario="The extra team stays")
    assert milestone.chance(queued).startswith(
        "Chance of meeting it: over 99% if this holds: the extra team stays, by the simulated"
    )
    assert "(61% if things go on as in the past year), by" in milestone.chance(
        queued | {"chance_as_now": 0.6065}
    )


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("No value for 2019 and 2020.", "no figure for 2019 and 2020"),
        ("No value for January 2019.", "no figure for January 2019"),
        ("No value for 2019, 2020 and 2021.", "Between 2019 and 2021 figures are missing"),
        (
            "Fewer than 4 years of published figures are held.",
            "needs 4 years of published figures of all authorities",
        ),
        (
            "Months without a gap up to 2026-01: 17. A rule can be chosen from 30 on.",
            "only 17 are held up to January 2026",
        ),
        (
            "Months without a gap up to 2026-01: 1. A rule can be chosen from 30 on.",
            "It takes 30 months in a row to forecast; only 1 is held up to January 2026.",
        ),
        (
            "The rule with the smallest misses on this series' own 37 months: exponential "
            "smoothing (ETS). The range is made of its misses.",
            "measure's own 37 months is used: exponential smoothing. Its past misses",
        ),
        ("Places open on planned days, so no chance is stated. 4 are.", "planned days. 4 are."),
        ("A reason nobody has met.", "A reason nobody has met."),
    ],
)
def test_a_reason_is_said_in_a_reader_s_words(why: str, said: str) -> None:
    assert said in milestone.in_words(why)
    assert "rule" not in milestone.in_words(why)


def test_where_officers_may_read_more_a_missing_chance_says_so() -> None:
    why = row(why_not="No value for 2019.", breakdown_topic="Plan action", is_kept_back=True)
    assert "Its officers may hold a chance" in milestone.chance(why)
    assert "officers" not in milestone.chance(why | {"is_kept_back": False})


def test_of_a_whole_measure_everybody_hears_that_officers_have_no_chance_either() -> None:
    why = row(why_not="No value for 2019, 2020 and 2021.", breakdown_topic="All")
    said = milestone.chance(why | {"is_kept_back": True})
    assert said.endswith(milestone.NONE_KEPT_BACK)
    assert "may hold" not in said
    assert "officers" not in milestone.chance(why | {"is_kept_back": False})


def test_a_reason_that_is_the_same_for_officers_promises_no_chance_of_theirs() -> None:
    why = "Places open on planned days, which the months before do not foretell, so no chance is"
    said = milestone.chance(
        row(why_not=f"{why} stated.", breakdown_topic="Plan action", is_kept_back=True)
    )
    assert said.endswith("do not foretell.")


def test_without_a_chance_the_reason_is_given_in_words_and_once_decided_nothing() -> None:
    why = "The forecast is tested as far as 2027-R12-01, and no further."
    assert milestone.chance(row(why_not=why)) == (
        "No chance is stated. A forecast is stated only as far ahead as it could be checked "
        "against the past, and that is 12 months to January 2027."
    )
    assert milestone.chance(row()) == "No chance is stated."
    assert milestone.chance(row(plan_status="met")) == ""


def test_a_moved_milestone_shows_its_first_promise() -> None:
    moved = row(revision_count=2, original_due_date=dt.date(2026, 9, 30), first_level_value=80.0)
    assert milestone.moved(moved) == (
        "Moved 2 times. First promised: at least 80% by 30 September 2026."
    )
    assert milestone.moved(row(revision_count=1)).startswith("Moved once.")
    assert milestone.moved(row()) == ""


def test_the_figure_that_decided_is_named_with_its_period() -> None:
    decided = row(deciding_value=22.8, deciding_period="2025-12")
    assert milestone.outcome(decided) == "22.8% in December 2025"
    assert milestone.outcome(row()) == ""


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2025", "2025"),
        ("2025-01", "January 2025"),
        ("2026-R12-09", "12 months to September 2026"),
        ("2025-W38", "2025-W38"),
    ],
)
def test_a_period_is_written_for_a_reader(period: str, expected: str) -> None:
    assert milestone.period_words(period) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (
            {"met": 7, "missed": 2, "not_yet_due": 9},
            "Of the delivery plan's 18 milestones, 7 are met, 2 missed and 9 not yet due.",
        ),
        (
            {"at_risk": 1, "not_yet_due": 1, "not_measured": 7},
            "Of the delivery plan's 9 milestones, 1 is at risk, 1 not yet due and 7 not measured.",
        ),
        ({"missed": 3}, "Of the delivery plan's 3 milestones, all 3 are missed."),
        ({"met": 2}, "Of the delivery plan's 2 milestones, both are met."),
        ({"met": 1}, "The delivery plan's one milestone is met."),
        ({}, "The delivery plan has no milestone yet."),
    ],
    ids=["mixed", "one at risk", "all missed", "both", "one", "none"],
)
def test_the_standing_counts_every_milestone(counts: dict[str, int], expected: str) -> None:
    assert plan.standing(counts) == expected


JAN, MAR, JUN = (dt.date(2027, month, 1) for month in (1, 3, 6))


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (
            (JAN, MAR, JUN),
            "Eight simulated runs in ten first reach it between January 2027 and June 2027, and "
            "half of all by March 2027.",
        ),
        ((JAN, JAN, JAN), "Eight simulated runs in ten first reach it in January 2027."),
        (
            (JAN, MAR, None),
            "Half the simulated runs reach it by March 2027, fewer than nine in ten within two "
            "years.",
        ),
        (
            (JAN, None, None),
            "One simulated run in ten reaches it by January 2027, fewer than half within two "
            "years.",
        ),
        (
            (None, None, None),
            "Fewer than one simulated run in ten reaches it within two years.",
        ),
    ],
    ids=["a range", "one month", "no end", "no middle", "none"],
)
def test_when_a_queue_reaches_the_level_is_told_as_a_range(
    months: tuple[dt.date | None, ...], expected: str
) -> None:
    found = dict(
        zip(("reached_month_p10", "reached_month_p50", "reached_month_p90"), months, strict=True)
    )
    queued = row(chance=0.3, chance_from="backlog", **found)
    assert milestone.reached(queued) == expected
    assert milestone.outlook(queued).endswith(f"assessments. {expected}")


def overdue(newest: float, **changed: Any) -> dict[str, Any]:
    """At most 10 overdue cases, which the queue reaches in January 2027."""
    months = dict.fromkeys(("reached_month_p10", "reached_month_p50", "reached_month_p90"), JAN)
    told = {"chance": 0.9, "chance_from": "backlog", "newest_value": newest, **months}
    return row(polarity="low_is_good", unit="count", level_value=10.0, **told, **changed)


def test_a_level_that_the_newest_figure_reaches_is_not_said_to_be_reached_later() -> None:
    later = "ight simulated runs in ten first reach it in January 2027."
    assert milestone.reached(overdue(4.0)) == ""
    assert milestone.reached(overdue(20.0)) == f"E{later}"
    start = "20 on 31 January 2026"
    assert milestone.reached(overdue(4.0, queue_start=start)) == f"From {start}: e{later}"


def test_an_open_promise_whose_day_has_passed_awaits_a_figure() -> None:
    past = row(
        plan_status="awaited", chance=0.3, chance_from="backlog", newest_value_period_label="May"
    )
    said = "No figure from that day on is held yet; the newest is of May."
    assert milestone.chance(past) == said
    assert milestone.outlook(past | {"likely_low": 1.0, "likely_high": 2.0}) == said
    assert milestone.status("awaited").word == "Awaiting a figure"
    assert plan.standing({"met": 1, "awaited": 2}).endswith("1 is met and 2 awaiting a figure.")


def test_the_range_behind_a_chance_is_told_with_its_period() -> None:
    forecast = {"likely_period": "2027-01", "likely_low": 35.17, "likely_high": 38.67}
    stated = row(chance=0.02, chance_from="forecast", chance_detail="own_months/a/b", **forecast)
    said = "Forecast for January 2027: between 35.2% and 38.7%, with a chance of 80%."
    assert milestone.likely(stated) == said
    assert milestone.outlook(stated).endswith(said)
    assert milestone.likely(row(likely_low=None, likely_high=None)) == ""


def test_nothing_is_said_of_when_where_no_queue_decides() -> None:
    assert milestone.reached(row(chance=0.3, chance_from="forecast")) == ""
    assert milestone.reached(row(chance_from="backlog", why_not="A reason.")) == ""
    assert milestone.outlook(row(plan_status="met")) == ""
    assert milestone.outlook(row(why_not="A reason.")) == "No chance is stated. A reason."


@given(st.dictionaries(st.sampled_from(sorted(milestone.STATUSES)), st.integers(1, 40)))
def test_any_standing_names_what_is_held_and_nothing_else(counts: dict[str, int]) -> None:
    said = plan.standing(counts)
    for name, found in milestone.STATUSES.items():
        assert (found.word.lower() in said.replace("milestones,", "")) == (name in counts)


def test_moves_are_counted() -> None:
    assert plan.moves(0, 3) == "No milestone has been moved."
    assert plan.moves(1, 3) == "1 milestone has been moved."
    assert plan.moves(2, 3) == "2 milestones have been moved."
    assert plan.moves(0, 0) == ""


def test_what_is_ours_is_counted_by_action_and_not_by_measure() -> None:
    rows = [
        {"plan_action": "a", "is_owner_assumption": True},
        {"plan_action": "a", "is_owner_assumption": True},
        {"plan_action": "b", "is_owner_assumption": False},
    ]
    assert "1 of the 2 actions" in plan.ours(rows)
    assert "the owner of the one action." in plan.ours(rows[:2])
    assert plan.ours(rows[2:]) == ""


def test_a_status_is_a_word_with_a_shape_and_an_unknown_one_is_not_measured() -> None:
    assert "Missed</strong>" in status_mark("missed")
    assert "sm-status-not_measured" in status_mark("<b>")
    assert len({found.shape for found in milestone.STATUSES.values()}) == len(milestone.STATUSES)
    assert standing_html({"met": 2}).count("<li>") == 1
