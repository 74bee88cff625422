"""The chance of a milestone: from draws, in the period that decides, or not at all and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from pipelines.judgement.chances import BY_PLAN, chance_of, chances, deciding_period
from pipelines.judgement.made import Forecast, Step
from pipelines.judgement.tried import GAP_MIDDLE
from tests.unit.judgement.forecast_rows import ENGLAND, marts, milestone, value
from tests.unit.judgement.queue_rows import fill

DRAWS = np.array([10.0, 20, 30, 40, 50])


def forecast(period_kind: str, *periods: str, gap: bool = False) -> Forecast:
    steps = tuple(
        Step(period, ahead, "a rule", False, 10, 30, 50, DRAWS)
        for ahead, period in enumerate(periods, start=1)
    )
    basis = "own_months" if period_kind in ("month", "rolling_year") else "published_totals"
    return Forecast(
        "mainstream_share",
        "801",
        "E10000801",
        period_kind,
        basis,
        steps=steps,
        gap_steps=steps if gap else (),
    )


def promise(**cells: Any) -> dict[str, Any]:
    usual = {
        "milestone_due": date(2027, 1, 31),
        "level_value": 30.0,
        "level_area_key": None,
        "polarity": "high_is_good",
    }
    return usual | cells


@pytest.mark.parametrize(
    ("due", "period_kind", "period"),
    [
        (date(2027, 1, 31), "stock", "2027-01"),
        (date(2027, 2, 1), "stock", "2028-01"),
        (date(2027, 12, 31), "flow", "2027"),
        (date(2026, 9, 1), "month", "2026-09"),
        (date(2026, 9, 1), "rolling_year", "2026-R12-12"),
    ],
    ids=str,
)
def test_the_period_that_decides_is_the_first_from_the_day_on(
    due: date, period_kind: str, period: str
) -> None:
    assert deciding_period(due, period_kind) == period


@pytest.mark.parametrize(
    ("polarity", "level", "expected"),
    [
        ("high_is_good", 30.0, 3.5 / 6),
        ("high_is_good", 30.1, 2.5 / 6),
        ("low_is_good", 30.0, 3.5 / 6),
        ("low_is_good", 29.9, 2.5 / 6),
        ("high_is_good", 50.1, 0.5 / 6),
    ],
)
def test_a_value_on_the_level_is_on_the_right_side(
    polarity: str, level: float, expected: float
) -> None:
    made = chance_of(promise(polarity=polarity, level_value=level), [forecast("stock", "2027-01")])
    assert made["chance"] == pytest.approx(expected)
    assert made["why_not"] is None


def test_the_forecast_whose_period_is_nearest_to_the_day_goes_first() -> None:
    both = [forecast("stock", "2027-01"), forecast("month", "2026-12", "2027-01")]
    december, january = date(2026, 12, 31), date(2027, 1, 31)
    assert chance_of(promise(milestone_due=december), both)["period"] == "2026-12"
    assert chance_of(promise(milestone_due=january), both)["period_kind"] == "stock"
    short = [forecast("stock", "2027-01"), forecast("month", "2026-10", "2026-11")]
    assert chance_of(promise(milestone_due=december), short)["period"] == "2027-01"


def test_a_month_of_a_flow_does_not_judge_a_years_milestone() -> None:
    held = milestone(kpi="new_plans", due=date(2026, 12, 31), level=30)
    steps = forecast("month", "2026-12").steps
    month = Forecast("new_plans", "801", "E10000801", "month", "own_months", steps=steps)
    assert list(chances(marts([], [held]), [month], frozenset({month.id}))) == []


def test_twelve_months_that_end_with_december_judge_a_years_milestone() -> None:
    held = milestone(kpi="new_plans", due=date(2026, 12, 31), level=30)
    steps = forecast("rolling_year", "2026-R12-11", "2026-R12-12").steps
    own = Forecast("new_plans", "801", "E10000801", "rolling_year", "own_months", steps=steps)
    none = Forecast("new_plans", "801", "E10000801", "flow", "published_totals", why_not="Short.")
    shown = frozenset({own.id, none.id})
    found = list(chances(marts([], [held]), [none, own], shown))
    assert {row["period"] for row in found} == {"2026-R12-12"}
    assert [row["chance"] for row in found] == pytest.approx([3.5 / 6] * len(found))


def test_of_forecasts_that_do_not_reach_the_day_the_one_that_exists_says_why() -> None:
    late = promise(milestone_due=date(2029, 12, 31))
    none = Forecast("new_plans", "801", "E10000801", "flow", "published_totals", why_not="Short.")
    made = chance_of(late, [none, forecast("rolling_year", "2026-R12-12")])
    assert made["why_not"] == "The forecast is tested as far as 2026-R12-12, and no further."


def test_a_day_beyond_the_tested_distance_has_no_chance_and_says_so() -> None:
    made = chance_of(promise(milestone_due=date(2029, 1, 31)), [forecast("stock", "2027-01")])
    assert made["chance"] is None
    assert made["why_not"] == "The forecast is tested as far as 2027-01, and no further."


def test_a_level_that_moves_with_england_is_held_against_the_distance() -> None:
    moving = promise(level_area_key=ENGLAND, level_value=None)
    made = chance_of(moving, [forecast("stock", "2027-01", gap=True)])
    assert (DRAWS >= GAP_MIDDLE).sum() == 1
    assert made["chance"] == pytest.approx(1.5 / 6)
    without = chance_of(moving, [forecast("stock", "2027-01")])
    assert without["chance"] is None
    other = chance_of(promise(level_area_key="860"), [forecast("stock", "2027-01", gap=True)])
    assert other["why_not"] == "The distance from that area's value is not projected."


def test_each_milestone_has_a_row_as_promised_and_as_moved() -> None:
    held = milestone(kpi="mainstream_share", due=date(2027, 1, 31), level=30)
    moved = held | {"current_value": 45}
    made = forecast("stock", "2027-01")
    rows = list(chances(marts([], [moved]), [made], frozenset({made.id})))
    assert [(row["plan_version"], row["chance"]) for row in rows] == [
        ("current", pytest.approx(1.5 / 6)),
        ("original", pytest.approx(3.5 / 6)),
    ]


def eapdr(count: int) -> list[dict[str, Any]]:
    """Months of a part of a measure that grows by ten each month."""
    cells = {"source": "council", "period_kind": "month", "breakdown_topic": "Support kind"}
    return [
        value(
            "overdue_cases",
            "801",
            f"{2023 + month // 12}-{month % 12 + 1:02d}",
            10.0 * month,
            breakdown="EAPDR",
            **cells,
        )
        for month in range(count)
    ]


@pytest.mark.parametrize(
    ("months", "level", "expected"),
    [
        pytest.param(36, 370, "likely", id="what ten a month reaches"),
        pytest.param(36, 900, "unlikely", id="what it does not"),
        pytest.param(29, 370, "Months without a gap up to 2025-05: 29.", id="too few months"),
    ],
)
def test_a_part_of_a_measure_is_forecast_from_its_own_months(
    months: int, level: float, expected: str
) -> None:
    held = milestone(kpi="overdue_cases", due=date(2026, 3, 31), level=level) | {
        "breakdown_topic": "Support kind",
        "breakdown": "EAPDR",
        "polarity": "high_is_good",
    }
    whole = Forecast("overdue_cases", "801", "E10000801", "month", "own_months", why_not="Not it.")
    found = list(chances(marts(eapdr(months), [held]), [whole], frozenset({whole.id})))
    assert {row["plan_version"] for row in found} == {"original", "current"}
    for row in found:
        assert row["forecast"] == "own_months/overdue_cases/801/month/EAPDR"
        if row["chance"] is None:
            assert row["why_not"].startswith(expected)
        else:
            assert (row["chance"] > 0.5) == (expected == "likely")


@pytest.mark.parametrize("is_public", [True, False], ids=["in public", "for officers"])
def test_places_open_by_plan_and_say_how_far_the_plan_reaches(is_public: bool) -> None:
    held = milestone(kpi="places_delivered", due=date(2026, 9, 1), level=100) | {
        "breakdown_topic": "Plan action",
        "breakdown": "new-units",
    }
    months = [row | {"kpi": "places_delivered", "breakdown": "new-units"} for row in eapdr(40)]
    months = [row | {"breakdown_topic": "Plan action"} for row in months]
    connection = marts(months, [held])
    if not is_public:
        places = [("delivered", "2025-09", 30), ("funded", "2026-09", 40), ("planned", None, 25)]
        pipeline = [
            {
                "la_code": "801",
                "plan_action": "new-units",
                "place_status": status,
                "opening_month": month,
                "place_count": count,
            }
            for status, month, count in places
        ]
        fill(connection, "marts.place_pipeline", pipeline)
    found = list(chances(connection, [], frozenset(), is_public=is_public))
    assert [row["chance"] for row in found] == [None, None]
    said = " 30 are open and 40 more are to open by the day: 70 of the 100 promised,"
    for row in found:
        assert row["why_not"].startswith(BY_PLAN)
        assert (said in row["why_not"]) != is_public
