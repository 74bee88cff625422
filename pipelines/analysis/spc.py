"""Is the last change a signal? The XmR chart of one series, with the decisions that belong to it.

Baseline, rebasing, breaks of the series, the guards against too few points and too small numbers,
and what a signal means for a measure. The arithmetic stands in xmr.py. Drawing is not done here:
limits of a percentage may lie outside 0 to 100 and are clipped on the chart only.
Source: NHS Making Data Count; docs/methods.md, "Signal or noise".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis import xmr
from pipelines.analysis.ranges import Floats
from pipelines.analysis.xmr import Marks, Rule
from pipelines.errors import SendError

MIN_POINTS = 8
FIRM_POINTS = 13
MIN_DENOMINATOR = 20
UNEVEN_RATIO = 3

Polarity = Literal["high_is_good", "low_is_good", "none"]


class SpcError(SendError):
    """A series that cannot be charted as it was given."""


class SeriesTooShortError(SpcError):
    """Fewer than two points: there is no moving range."""


class MissingPeriodsError(SpcError):
    """A period within the series has no value, so that neighbours are not consecutive."""


class Standing(StrEnum):
    """Whether a stretch has limits and, if not, why."""

    FIRM = "limits"
    TRIAL = "trial limits"
    TOO_SHORT = "too few points"
    CONSTANT = "no variation"
    SMALL_DENOMINATORS = "small denominators"
    GAPS = "missing periods"


class Variation(StrEnum):
    """What the latest point says."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEITHER = "special cause, neither better nor worse"
    COMMON_CAUSE = "common cause"


class Assurance(StrEnum):
    """Whether the process as it runs now can be expected to meet the target."""

    PASSES = "consistently passes"
    FAILS = "consistently fails"
    HIT_AND_MISS = "hit and miss"


@dataclass(frozen=True)
class Limits:
    """Centre line, process limits and near limits; all but the mean are None where none exist."""

    mean: float
    lower: float | None = None
    upper: float | None = None
    near_lower: float | None = None
    near_upper: float | None = None

    @classmethod
    def none(cls, mean: float) -> Limits:
        """A centre line alone."""
        return cls(mean)


@dataclass(frozen=True)
class Division:
    """Where the limits begin anew, drawn as a break; no rule looks across it.

    Args:
        at: index of the first point of the new stretch.
        kind: rebase (the process changed, and somebody decided to measure it anew) or break (the
            figures changed their meaning, as the DfE's do at 2023).
        decided_on: the day of the decision to rebase; a break has none.
        reason: what changed, for the reader.
    """

    at: int
    kind: Literal["rebase", "break"]
    reason: str
    decided_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse a division that nobody explains, or a rebase that nobody dated."""
        if not self.reason.strip():
            raise SpcError("The limits may not begin anew without a reason.", remedy="Say why.")
        if self.kind == "rebase" and self.decided_on is None:
            remedy = "Give the day on which the rebase was decided."
            raise SpcError("A rebase without a date of decision.", where=self.reason, remedy=remedy)


@dataclass(frozen=True)
class Stretch:
    """The points from start up to stop that share limits, and what opened it (None: the first)."""

    start: int
    stop: int
    limits: Limits
    standing: Standing
    opened_by: Division | None
    has_uneven_denominators: bool = False


@dataclass(frozen=True)
class Chart:
    """One series judged: arrays have one entry a point, rule and side as in xmr.Signals."""

    stretches: tuple[Stretch, ...]
    rule: Marks
    side: Marks
    variation: Variation | None
    assurance: Assurance | None

    @property
    def latest(self) -> Stretch:
        """The stretch that the latest point belongs to."""
        return self.stretches[-1]

    def line(self, name: Literal["mean", "lower", "upper", "near_lower", "near_upper"]) -> Floats:
        """One of the lines, point by point; NaN where there is none."""
        line = np.full(len(self.rule), np.nan)
        for stretch in self.stretches:
            value = getattr(stretch.limits, name)
            line[stretch.start : stretch.stop] = np.nan if value is None else value
        return line


def xmr_limits(values: ArrayLike, *, screen: bool = True) -> Limits:
    """Centre line and natural process limits of an XmR chart.

    values: shape (n,), one per consecutive period, in the measure's own unit; no gaps.
    Raises SeriesTooShortError below 2 points, MissingPeriodsError on NaN. A constant series has
    no limits (Limits.none). The guard against few points is chart's.
    Source: NHS Making Data Count; docs/methods.md, "Signal or noise".
    """
    return _one(xmr.limits_of(_series(values)[np.newaxis], screen=screen))


def chart(
    values: ArrayLike,
    *,
    polarity: Polarity = "none",
    target: float | None = None,
    divisions: Sequence[Division] = (),
    baseline: int | None = None,
    denominators: ArrayLike | None = None,
    screen: bool = True,
) -> Chart:
    """Judge one series: limits by stretch, special causes, variation and assurance.

    values: shape (n,), one per consecutive period; no gaps.
    divisions: where limits begin anew, in any order.
    baseline: the first so many points of each stretch fix its limits (default: all of them).
    denominators: shape (n,), of a percentage or rate. A stretch whose baseline has a median
    denominator under 20 gets no limits: one child more or less would look like a signal. Where
    the largest is more than three times the smallest, the stretch says so, because limits of one
    width are then too wide for the large ones and too narrow for the small ones.
    Raises SeriesTooShortError, MissingPeriodsError, SpcError (divisions outside the series).
    """
    series = _series(values)
    sizes = None if denominators is None else np.asarray(denominators, np.float64)
    rule, side = np.zeros(len(series), np.int8), np.zeros(len(series), np.int8)
    stretches = []
    for start, stop, opened_by in _stretches(len(series), divisions):
        part = slice(start, stop)
        held = None if sizes is None else sizes[part]
        limits, standing, signals = _judged(series[part], held, baseline, screen)
        rule[part], side[part] = signals.rule[0], signals.side[0]
        stretches.append(Stretch(start, stop, limits, standing, opened_by, _is_uneven(held)))
    latest = stretches[-1].limits
    return Chart(
        tuple(stretches),
        rule,
        side,
        variation(int(rule[-1]), int(side[-1]), polarity) if latest.lower is not None else None,
        assurance(latest, target, polarity),
    )


def variation(rule: int, side: int, polarity: Polarity) -> Variation:
    """What a point marked by this rule on this side means."""
    if rule == Rule.NONE:
        return Variation.COMMON_CAUSE
    if polarity == "none":
        return Variation.NEITHER
    good_side = 1 if polarity == "high_is_good" else -1
    return Variation.IMPROVEMENT if side == good_side else Variation.CONCERN


def assurance(limits: Limits, target: float | None, polarity: Polarity) -> Assurance | None:
    """Whether the limits lie wholly on one side of the target; None without what it takes."""
    if target is None or polarity == "none" or limits.lower is None or limits.upper is None:
        return None
    if limits.lower <= target <= limits.upper:
        return Assurance.HIT_AND_MISS
    is_out_of_reach = (target > limits.upper) == (polarity == "high_is_good")
    return Assurance.FAILS if is_out_of_reach else Assurance.PASSES


def _series(values: ArrayLike) -> Floats:
    series = np.asarray(values, np.float64)
    if series.ndim != 1 or len(series) < 2:
        raise SeriesTooShortError("An XmR chart needs at least two points.")
    missing = np.flatnonzero(~np.isfinite(series))
    if missing.size:
        raise MissingPeriodsError(
            f"{missing.size} of {len(series)} periods have no value.",
            where=f"point {missing[0] + 1}",
            remedy="Chart the consecutive periods after the gap, or find the missing value.",
        )
    return series


def _stretches(
    points: int, divisions: Sequence[Division]
) -> list[tuple[int, int, Division | None]]:
    ordered = sorted(divisions, key=lambda division: division.at)
    places = [division.at for division in ordered]
    if len(set(places)) < len(places) or any(not 0 < at < points for at in places):
        raise SpcError(
            "Limits begin anew outside the series, or twice at one point.",
            where=f"points {places} of {points}",
            remedy="Name each point once, by its index, after the first.",
        )
    opened: list[Division | None] = [None, *ordered]
    return list(zip([0, *places], [*places, points], opened, strict=True))


def _judged(
    series: Floats, sizes: Floats | None, baseline: int | None, screen: bool
) -> tuple[Limits, Standing, xmr.Signals]:
    """Limits of one stretch, their standing, and its signals."""
    fixed = series[:baseline]
    standing = _standing(len(fixed), None if sizes is None else sizes[:baseline])
    none = xmr.Signals(np.zeros((1, len(series)), np.int8), np.zeros((1, len(series)), np.int8))
    if standing not in (Standing.FIRM, Standing.TRIAL):
        return Limits.none(float(fixed.mean())), standing, none
    many = xmr.limits_of(fixed[np.newaxis], screen=screen)
    if not many.exist[0]:
        return _one(many), Standing.CONSTANT, none
    return _one(many), standing, xmr.signals_of(series[np.newaxis], many)


def _standing(points: int, sizes: Floats | None) -> Standing:
    if points < MIN_POINTS:
        return Standing.TOO_SHORT
    if sizes is not None and not np.median(sizes) >= MIN_DENOMINATOR:
        return Standing.SMALL_DENOMINATORS
    return Standing.FIRM if points >= FIRM_POINTS else Standing.TRIAL


def _is_uneven(sizes: Floats | None) -> bool:
    return sizes is not None and bool(sizes.max() > UNEVEN_RATIO * sizes.min())


def _one(many: xmr.Limits) -> Limits:
    if not many.exist[0]:
        return Limits.none(float(many.mean[0]))
    names = ("mean", "lower", "upper", "near_lower", "near_upper")
    return Limits(*(float(getattr(many, name)[0]) for name in names))
