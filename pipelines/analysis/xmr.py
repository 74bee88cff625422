"""The arithmetic of XmR charts, for many series of one length at once.

Limits and the four special-cause rules, and nothing that needs a decision: which points are the
baseline, where a series was rebased or breaks, and what a signal means stand in spc.py.
Source: NHS Making Data Count; docs/methods.md, "Signal or noise".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipelines.analysis.ranges import Floats

LIMIT_FACTOR = 2.66
SCREEN_FACTOR = 3.267
NEAR_SHARE = 2 / 3
TREND_DIFFERENCES = 6
RUN_LENGTH = 7

# A mean of decimals is rarely exact: what differs by less than this share of the largest value
# counts as equal, so that a point on the mean is on the mean.
TOLERANCE = 1e-11

# Series handled at a time, so that one block's arrays stay in the processor's cache.
BLOCK = 1024

Marks = NDArray[np.int8]


class Rule(IntEnum):
    """Why a point is special cause; where several apply, the first of this order."""

    NONE = 0
    OUTSIDE_LIMITS = 1
    TREND = 2
    TWO_OF_THREE = 3
    RUN = 4


@dataclass(frozen=True)
class Limits:
    """Centre lines and limits, one of each per series; limits are NaN where a series has none.

    A series has no limits if a period is missing (NaN) or if it never changes.
    """

    mean: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    moving_range: Floats

    @property
    def exist(self) -> NDArray[np.bool_]:
        """Which series have limits."""
        return ~np.isnan(self.lower)


@dataclass(frozen=True)
class Signals:
    """The rule that marks each point (0 for none), and which way the signal points (+1, -1, 0)."""

    rule: Marks
    side: Marks


@dataclass(frozen=True)
class Charts:
    """Limits and signals of many series of the same length."""

    limits: Limits
    signals: Signals


def limits_of(values: ArrayLike, *, screen: bool = True) -> Limits:
    """Limits of each row of values, from all its points.

    values: shape (series, periods), at least two consecutive periods, NaN where one is missing.
    screen: leave moving ranges of 3.267 times their average or more out of the average, once.
    """
    columns = np.ascontiguousarray(_matrix(values).T)
    mean, moving_range, tolerance = _centre(columns, screen)
    return _limits(mean, moving_range, tolerance)


def charts_of(values: ArrayLike, *, screen: bool = True) -> Charts:
    """Limits of each row of values and the special causes among its points.

    Shapes and missing periods as for limits_of.
    """
    matrix = _matrix(values)
    rule = np.zeros(matrix.shape, np.int8)
    side = np.zeros(matrix.shape, np.int8)
    blocks = []
    for start in range(0, len(matrix), BLOCK):
        rows = slice(start, start + BLOCK)
        columns = np.ascontiguousarray(matrix[rows].T)
        mean, moving_range, tolerance = _centre(columns, screen)
        limits = _limits(mean, moving_range, tolerance)
        rules, sides = _signals(columns, limits, tolerance)
        rule[rows], side[rows] = rules.T, sides.T
        blocks.append(limits)
    return Charts(_joined(blocks), Signals(rule, side))


def signals_of(values: ArrayLike, limits: Limits) -> Signals:
    """The special causes of each row, judged against limits that come from elsewhere.

    limits: of as many series as values has rows; a series without limits has no signals.
    """
    columns = np.ascontiguousarray(_matrix(values).T)
    rules, sides = _signals(columns, limits, _tolerance(columns))
    return Signals(np.ascontiguousarray(rules.T), np.ascontiguousarray(sides.T))


def _matrix(values: ArrayLike) -> Floats:
    matrix = np.asarray(values, np.float64)
    if matrix.ndim != 2 or matrix.shape[1] < 2:
        raise ValueError("values must have shape (series, periods) with at least two periods")
    return matrix


def _joined(blocks: list[Limits]) -> Limits:
    names = ("mean", "lower", "upper", "near_lower", "near_upper", "moving_range")
    empty = [np.empty(0)]
    return Limits(*(np.concatenate(empty + [getattr(b, name) for b in blocks]) for name in names))


def _tolerance(columns: Floats) -> Floats:
    largest = np.maximum(columns.max(axis=0), -columns.min(axis=0))
    return np.asarray(TOLERANCE * largest, np.float64)


def _centre(columns: Floats, screen: bool) -> tuple[Floats, Floats, Floats]:
    """Mean and average moving range of each column, and what counts as nothing there."""
    mean = columns.mean(axis=0)
    ranges = np.abs(columns[1:] - columns[:-1])
    average = ranges.mean(axis=0)
    tolerance = _tolerance(columns)
    if screen:
        kept = ranges < SCREEN_FACTOR * average
        count = np.count_nonzero(kept, axis=0)
        ranges *= kept
        screened = ranges.sum(axis=0) / np.maximum(count, 1)
        average = np.where(screened > tolerance, screened, average)
    return mean, average, tolerance


def _limits(mean: Floats, moving_range: Floats, tolerance: Floats) -> Limits:
    width = LIMIT_FACTOR * np.where(moving_range > tolerance, moving_range, np.nan)
    near = NEAR_SHARE * width
    return Limits(mean, mean - width, mean + width, mean - near, mean + near, moving_range)


def _signals(columns: Floats, limits: Limits, tolerance: Floats) -> tuple[Marks, Marks]:
    """Rule and side of each point; the arrays have one column a series, as in columns."""
    high = columns > limits.mean + tolerance
    low = columns < limits.mean - tolerance
    outside = columns > limits.upper + tolerance
    outside |= columns < limits.lower - tolerance
    near_high = columns > limits.near_upper + tolerance
    near_low = columns < limits.near_lower - tolerance
    rising, falling = _trends(columns, tolerance)
    pairs = _two_of_three(near_high, high) | _two_of_three(near_low, low)
    runs = _runs(high, RUN_LENGTH) | _runs(low, RUN_LENGTH)
    trend = rising | falling

    rule = _first(outside, trend, pairs, runs)
    rule *= limits.exist
    side = high.view(np.int8) - low.view(np.int8)
    inside_trend = trend & ~outside
    side = np.where(inside_trend, rising.view(np.int8) - falling.view(np.int8), side)
    side *= rule > 0
    return rule, side


def _first(*rules: NDArray[np.bool_]) -> Marks:
    """The number of the first rule that holds, counted from 1; 0 where none does."""
    number = np.zeros(rules[0].shape, np.int8)
    for which in range(len(rules), 0, -1):
        holds = rules[which - 1].view(np.int8)
        number += holds * (np.int8(which) - number)
    return number


def _trends(columns: Floats, tolerance: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Points of seven that rise, and of seven that fall, six times in a row.

    A point where one trend ends and the other begins belongs to the later.
    """
    step = columns[1:] - columns[:-1]
    up = _runs(step > tolerance, TREND_DIFFERENCES)
    down = _runs(step < -tolerance, TREND_DIFFERENCES)
    rising, falling = _both_ends(up), _both_ends(down)
    rising[:-1] &= ~down
    falling[:-1] &= ~up
    return rising, falling


def _both_ends(steps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The points that marked steps lead from and to."""
    points = np.zeros((len(steps) + 1, steps.shape[1]), bool)
    points[:-1] = steps
    points[1:] |= steps
    return points


def _runs(marks: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Marks that stand in an unbroken run of at least length marks down their column."""
    found = np.zeros(marks.shape, bool)
    if len(marks) < length:
        return found
    full = _spread(marks, length, np.logical_and)
    padded = np.zeros((len(full) + 2 * (length - 1), marks.shape[1]), bool)
    padded[length - 1 : length - 1 + len(full)] = full
    return _spread(padded, length, np.logical_or)


def _spread(marks: NDArray[np.bool_], length: int, join: np.ufunc) -> NDArray[np.bool_]:
    """Join each window of length marks into one: doubling takes few passes where length is long."""
    joined, width = marks, 1
    while width < length:
        step = min(width, length - width)
        joined = join(joined[: len(joined) - step], joined[step:])
        width += step
    return joined


def _two_of_three(near: NDArray[np.bool_], same_side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Points beyond a near limit that stand with another in three points on one side."""
    found = np.zeros(near.shape, bool)
    if len(near) < 3:
        return found
    first, second, third = near[:-2], near[1:-1], near[2:]
    window = (first & second) | (second & third) | (first & third)
    window &= _spread(same_side, 3, np.logical_and)
    found[:-2] = window
    found[1:-1] |= window
    found[2:] |= window
    return found & near
