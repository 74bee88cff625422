"""Scores of forecasts and chances once the actuals are known, and the status of a milestone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pipelines.analysis.scoring import (
    ChanceScore,
    Score,
    Status,
    coverage_pct,
    milestone_status,
    score,
    score_chances,
)


def test_a_score_is_of_the_forecasts_whose_actual_has_come() -> None:
    found = score(
        forecast=[100, 210, 300, 50],
        lower=[90, 205, 280, 40],
        upper=[110, 220, 320, 60],
        naive=[80, 180, 290, 50],
        actual=[100, 200, 320, np.nan],
    )
    assert found.count == 3
    assert found.signed_error == pytest.approx(-10 / 3)
    assert found.mean_absolute_error == pytest.approx(10)
    assert found.against_naive == pytest.approx(10 / ((20 + 20 + 30) / 3))
    assert found.coverage_pct == pytest.approx(200 / 3)


def test_without_an_actual_there_is_no_score() -> None:
    nothing = [np.nan]
    assert score([1], [0], [2], [1], nothing) == Score(0, None, None, None, None)
    assert score_chances([0.5], nothing) == ChanceScore(0, None, None, None)


def test_a_naive_forecast_without_error_cannot_be_a_yardstick() -> None:
    assert score([9], [8], [12], [10], [10]).against_naive is None


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert coverage_pct([1, 1, 1], [2, 2, 2], [1, 2, 2.1]) == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    ("stated", "happened", "brier"),
    [([1, 0], [1, 0], 0), ([0.5, 0.5], [1, 0], 0.25), ([0, 1], [1, 0], 1), ([0.8], [1], 0.04)],
    ids=["certain and right", "half and half", "certain and wrong", "four in five"],
)
def test_the_brier_score_is_the_mean_square_of_the_miss(
    stated: list[float], happened: list[float], brier: float
) -> None:
    assert score_chances(stated, happened).brier == pytest.approx(brier)


def test_what_was_said_stands_beside_what_happened() -> None:
    found = score_chances([0.9, 0.7, 0.2, 0.4], [1, 0, 0, np.nan])
    assert found.count == 3
    assert found.stated_pct == pytest.approx(60)
    assert found.happened_pct == pytest.approx(100 / 3)


DUE, BEFORE = date(2025, 12, 25), date(2025, 11, 30)


@pytest.mark.parametrize(
    ("known", "value", "chance", "status"),
    [
        (DUE, 0, None, Status.MET),
        (DUE, 1, 0.9, Status.MISSED),
        (BEFORE, 120, 0.49, Status.AT_RISK),
        (BEFORE, 120, 0.5, Status.NOT_YET_DUE),
        (BEFORE, 0, None, Status.NOT_YET_DUE),
        (DUE, None, None, Status.NOT_YET_DUE),
    ],
    ids=["on the day", "one too many", "below half", "half", "reached early", "no figure yet"],
)
def test_the_status_of_a_milestone_to_clear_all_overdue_cases(
    known: date, value: float | None, chance: float | None, status: Status
) -> None:
    found = milestone_status(
        target=0, polarity="low_is_good", due=DUE, known=known, value=value, chance=chance
    )
    assert found is status


def test_a_target_to_rise_to_is_met_at_or_above_it() -> None:
    told = {"target": 45.5, "polarity": "high_is_good", "due": DUE, "known": DUE, "chance": None}
    assert milestone_status(value=45.5, **told) is Status.MET
    assert milestone_status(value=45.4, **told) is Status.MISSED
