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
# Fields of Judged with a cell for each point; the others have one for each stretch.
OF_POINTS = frozenset({"rule", "side"})


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
    places: shape (points,), whole numbers that count periods, rising within a stretch: neighbours
        differ by 1.
    starts: shape (stretches,), the index of each stretch's first point, rising from 0.
    denominators: shape (points,), NaN where there is none: a stretch with any NaN is not guarded
        against small ones.
    """
    points = np.asarray(values, np.float64)
    first = np.asarray(starts, np.int64)
    if not len(first):
        return _nothing_yet(0, len(points))
    lengths = np.diff(first, append=len(points))
    has_gap = _gaps(np.asarray(places, np.int64), first, lengths)
    sizes = None if denominators is None else np.asarray(denominators, np.float64)
    if (lengths[1:] >= lengths[:-1]).all():
        return _judge_rising(points, lengths, has_gap, sizes)
    order = np.argsort(lengths, kind="stable")
    taken = _points_of(order, first, lengths)
    held = None if sizes is None else sizes[taken]
    judged = _judge_rising(points[taken], lengths[order], has_gap[order], held)
    return _put_back(judged, order, taken)


def _gaps(places: Whole, first: Whole, lengths: Whole) -> Marked:
    """Which stretches lack a period between their first and last: they reach further than long."""
    return np.asarray(places[first + lengths - 1] - places[first] != lengths - 1, bool)


def _points_of(order: Whole, first: Whole, lengths: Whole) -> Whole:
    """Where the points lie of stretches that are taken in this order."""
    ends = np.cumsum(lengths[order])
    moved = first[order] - ends + lengths[order]
    return np.repeat(moved, lengths[order]) + np.arange(ends[-1])


def _put_back(judged: Judged, order: Whole, taken: Whole) -> Judged:
    """The same with stretches and points where they stood before they were put in order."""
    found = {}
    for name, cells in vars(judged).items():
        found[name] = np.empty_like(cells)
        found[name][taken if name in OF_POINTS else order] = cells
    return Judged(**found)


def _judge_rising(points: Floats, lengths: Whole, has_gap: Marked, sizes: Floats | None) -> Judged:
    """Stretches of rising length: those of one length are a matrix, which need not be copied."""
    judged = _nothing_yet(len(lengths), len(points))
    stops = np.append(0, np.cumsum(lengths))
    begins = np.flatnonzero(np.diff(lengths, prepend=0))
    for begin, end in zip(begins, np.append(begins[1:], len(lengths)), strict=True):
        stretches, own = slice(begin, end), slice(stops[begin], stops[end])
        rows = points[own].reshape(end - begin, -1)
        held = None if sizes is None else sizes[own].reshape(rows.shape)
        part = Judged(
            **{
                name: cells[own if name in OF_POINTS else stretches]
                for name, cells in vars(judged).items()
            }
        )
        _judge_rows(part, rows, has_gap[stretches], held)
    return judged


def _judge_rows(judged: Judged, rows: Floats, has_gap: Marked, sizes: Floats | None) -> None:
    """Stretches of one length, one row each; judged is theirs and is filled."""
    length = rows.shape[1]
    judged.standing[:] = _by_length(length)
    is_charted = np.full(len(rows), length >= MIN_POINTS)
    if sizes is not None:
        uneven = sizes.max(axis=1) > UNEVEN_RATIO * sizes.min(axis=1)
        judged.has_uneven_denominators[:] = uneven
        # A median with NaN in it is NaN, and no comparison with it holds.
        is_small = is_charted & (np.median(sizes, axis=1) < MIN_DENOMINATOR)
        judged.standing[is_small] = Standing.SMALL_DENOMINATORS
        is_charted &= ~is_small
    if length >= MIN_POINTS:
        judged.standing[has_gap] = Standing.GAPS
        is_charted &= ~has_gap
    if is_charted.all():
        _chart(judged, rows, slice(None))
        return
    judged.mean[~is_charted] = rows[~is_charted].mean(axis=1)
    if is_charted.any():
        _chart(judged, rows[is_charted], is_charted)


def _by_length(length: int) -> Standing:
    if length < MIN_POINTS:
        return Standing.TOO_SHORT
    return Standing.FIRM if length >= FIRM_POINTS else Standing.TRIAL


def _chart(judged: Judged, rows: Floats, chosen: Marked | slice) -> None:
    """Limits and signals of the chosen stretches, which may have them."""
    charts = xmr.charts_of(rows)
    for name in ("mean", "lower", "upper", "near_lower", "near_upper"):
        getattr(judged, name)[chosen] = getattr(charts.limits, name)
    shape = len(judged.mean), rows.shape[1]
    judged.rule.reshape(shape)[chosen] = charts.signals.rule
    judged.side.reshape(shape)[chosen] = charts.signals.side
    if not charts.limits.exist.all():
        places = np.arange(len(judged.mean))[chosen]
        judged.standing[places[~charts.limits.exist]] = Standing.CONSTANT


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
