"""How good were the forecasts that were made? Scores of stored ones, once the actuals are known.

Arrays in, a score out. An actual that has not come yet is NaN and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.spc import Polarity

AT_RISK_BELOW = 0.5
# An 80% range that held less of what came than the first is too narrow; more than the second, too
# wide. Both in whole per cent, as they are printed.
HELD_LEAST, HELD_MOST = 75, 85


@dataclass(frozen=True)
class Score:
    """The record of some forecasts.

    Args:
        count: forecasts whose actual has come.
        signed_error: mean of forecast less actual, in the measure's unit; None of no forecasts,
            as for the rest.
        mean_absolute_error: in the measure's unit.
        against_naive: the same, as a multiple of the naive forecast's; below 1 is better.
        coverage_pct: how often the actual lay in the 80% range.
    """

    count: int
    signed_error: float | None
    mean_absolute_error: float | None
    against_naive: float | None
    coverage_pct: float | None


@dataclass(frozen=True)
class ChanceScore:
    """The record of stated chances.

    Args:
        count: statements whose date has passed.
        brier: mean squared difference between chance and outcome: 0 is perfect, 0.25 is what
            always saying 50% earns, 1 is certainty about the wrong thing.
        stated_pct: mean chance that was stated.
        happened_pct: how often it happened.
    """

    count: int
    brier: float | None
    stated_pct: float | None
    happened_pct: float | None


class Status(StrEnum):
    """The status of a milestone, which says nothing about trend."""

    MET = "met"
    MISSED = "missed"
    NOT_YET_DUE = "not yet due"
    AT_RISK = "at risk"


def is_reliable(held_pct: float | None) -> bool:
    """Whether an 80% range held about as much of the past as it promises; False of no record."""
    return held_pct is not None and HELD_LEAST <= round(held_pct) <= HELD_MOST


def score(
    forecast: ArrayLike, lower: ArrayLike, upper: ArrayLike, naive: ArrayLike, actual: ArrayLike
) -> Score:
    """Score forecasts with their ranges; all arrays have one entry a forecast, in one unit.

    naive: what "same as the last known value" would have said.
    """
    came = np.asarray(actual, np.float64)
    known = np.isfinite(came)
    if not known.any():
        return Score(0, None, None, None, None)
    truth = came[known]
    error = np.asarray(forecast, np.float64)[known] - truth
    mean_absolute = float(np.mean(np.abs(error)))
    naive_error = float(np.mean(np.abs(np.asarray(naive, np.float64)[known] - truth)))
    return Score(
        count=int(known.sum()),
        signed_error=float(np.mean(error)),
        mean_absolute_error=mean_absolute,
        against_naive=mean_absolute / naive_error if naive_error > 0 else None,
        coverage_pct=coverage_pct(np.asarray(lower)[known], np.asarray(upper)[known], truth),
    )


def coverage_pct(lower: ArrayLike, upper: ArrayLike, actual: ArrayLike) -> float:
    """How often the actual lay in the range, its ends included."""
    truth = np.asarray(actual)
    return float(100 * np.mean((np.asarray(lower) <= truth) & (truth <= np.asarray(upper))))


def score_chances(stated: ArrayLike, happened: ArrayLike) -> ChanceScore:
    """Score stated chances (0 to 1) by what happened: 1, 0, or NaN where it is not known yet."""
    outcome = np.asarray(happened, np.float64)
    known = np.isfinite(outcome)
    if not known.any():
        return ChanceScore(0, None, None, None)
    said, came = np.asarray(stated, np.float64)[known], outcome[known]
    return ChanceScore(
        count=int(known.sum()),
        brier=float(np.mean((said - came) ** 2)),
        stated_pct=float(100 * said.mean()),
        happened_pct=float(100 * came.mean()),
    )


def milestone_status(
    *,
    target: float,
    polarity: Polarity,
    due: date,
    known: date,
    value: float | None,
    chance: float | None,
) -> Status:
    """Where a milestone stands.

    value: the measure on the due date or, before it, the latest; known: the date that value is of.
    chance: of being on the right side on the due date; None where nothing forecasts it.
    A milestone that is reached early is not met before its date: the value may still go back.
    """
    if known >= due and value is not None:
        is_met = value <= target if polarity == "low_is_good" else value >= target
        return Status.MET if is_met else Status.MISSED
    return Status.AT_RISK if chance is not None and chance < AT_RISK_BELOW else Status.NOT_YET_DUE
