"""XmR charts of many series at once: limits, standing and signals of stretches of any lengths.

The same judgement as spc.chart, which looks at one series: stretches of one length go through
xmr.py together. A stretch with a missing period is not refused here; its standing says so.
Source: NHS Making Data Count; docs/methods.md, "Signal or noise".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.analysis import xmr
from pipelines.analysis.ranges import Floats
from pipelines.analysis.spc import (
    FIRM_POINTS,
    MIN_DENOMINATOR,
    MIN_POINTS,
    UNEVEN_RATIO,
    Standing,
)
from pipelines.analysis.xmr import Marks

Whole = NDArray[np.int64]
Marked = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """What is known of each stretch (shape (stretches,)) and each point (shape (points,)).

    Args:
        standing: why a stretch has limits, or none; words of Standing.
        mean, lower, upper, near_lower, near_upper: NaN where there are none; the mean stays.
        has_uneven_denominators: the largest is more than three times the smallest.
        rule, side: as in xmr.Signals.
    """

    standing: NDArray[np.object_]
    mean: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    has_uneven_denominators: Marked
    rule: Marks
    side: Marks


def judge(
    values: ArrayLike, places: ArrayLike, starts: ArrayLike, denominators: ArrayLike | None = None
) -> Judged:
    """Judge stretches that lie one after the other in flat arrays.

    values: shape (points,), without missing ones.
    places: shape (points,), whole numbers that count periods: neighbours differ by 1.
    starts: shape (stretches,), the index of each stretch's first point, rising from 0.
    denominators: shape (points,), NaN where there is none: a stretch with any NaN is not guarded
        against small ones.
    """
    points = np.asarray(values, np.float64)
    first = np.asarray(starts, np.int64)
    judged = _nothing_yet(len(first), len(points))
    if not len(first):
        return judged
    has_gap = _gaps(np.asarray(places, np.int64), first)
    sizes = None if denominators is None else np.asarray(denominators, np.float64)
    lengths = np.diff(first, append=len(points))
    for length in np.unique(lengths):
        stretches = lengths == length
        standing = np.full(np.count_nonzero(stretches), _by_length(int(length)), object)
        if sizes is not None:
            held = _rows(sizes, stretches, lengths, length)
            uneven = held.max(axis=1) > UNEVEN_RATIO * held.min(axis=1)
            judged.has_uneven_denominators[stretches] = uneven
            if length >= MIN_POINTS:
                # A median with NaN in it is NaN, and no comparison with it holds.
                is_small = np.median(held, axis=1) < MIN_DENOMINATOR
                standing[is_small] = Standing.SMALL_DENOMINATORS
        if length >= MIN_POINTS:
            standing[has_gap[stretches]] = Standing.GAPS
        judged.standing[stretches] = standing
        is_charted = stretches & _may_have_limits(judged.standing)
        bare = stretches & ~is_charted
        if bare.any():
            judged.mean[bare] = _rows(points, bare, lengths, length).mean(axis=1)
        if is_charted.any():
            _chart(judged, _rows(points, is_charted, lengths, length), is_charted, lengths)
    return judged


def _may_have_limits(standing: NDArray[np.object_]) -> Marked:
    return np.asarray((standing == Standing.FIRM) | (standing == Standing.TRIAL), bool)


def _rows(flat: Floats, stretches: Marked, lengths: Whole, length: int) -> Floats:
    """The points of these stretches, one row each; all are of one length."""
    return flat[np.repeat(stretches, lengths)].reshape(-1, length)


def _gaps(places: Whole, first: Whole) -> Marked:
    """Which stretches lack a period between their first and last."""
    is_gap = np.diff(places, prepend=places[0] - 1) != 1
    is_gap[first] = False
    return np.logical_or.reduceat(is_gap, first)


def _by_length(length: int) -> Standing:
    if length < MIN_POINTS:
        return Standing.TOO_SHORT
    return Standing.FIRM if length >= FIRM_POINTS else Standing.TRIAL


def _chart(judged: Judged, values: Floats, stretches: Marked, lengths: Whole) -> None:
    """Limits and signals of stretches of one length that may have them."""
    charts = xmr.charts_of(values)
    for name in ("mean", "lower", "upper", "near_lower", "near_upper"):
        getattr(judged, name)[stretches] = getattr(charts.limits, name)
    constant = np.flatnonzero(stretches)[~charts.limits.exist]
    judged.standing[constant] = Standing.CONSTANT
    points = np.repeat(stretches, lengths)
    judged.rule[points] = charts.signals.rule.ravel()
    judged.side[points] = charts.signals.side.ravel()


def _nothing_yet(stretches: int, points: int) -> Judged:
    return Judged(
        standing=np.full(stretches, Standing.TOO_SHORT, object),
        mean=np.full(stretches, np.nan),
        lower=np.full(stretches, np.nan),
        upper=np.full(stretches, np.nan),
        near_lower=np.full(stretches, np.nan),
        near_upper=np.full(stretches, np.nan),
        has_uneven_denominators=np.zeros(stretches, bool),
        rule=np.zeros(points, np.int8),
        side=np.zeros(points, np.int8),
    )
