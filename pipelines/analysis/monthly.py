"""A council's own monthly series ahead: which plain rule did best on its own past, and its range.

One series has no others to learn from, so the rules are plain: as last month, as in the same month
last year, and exponential smoothing. Each past month in turn is taken as the newest; the rule with
the smallest misses over all distances is used, and its misses make the range.
docs/methods.md, "Any other measure".
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from pipelines.analysis.ranges import Floats

YEAR = 12
MIN_MONTHS = 30
# The first origin has a whole year and a half behind it, so that seasons can be repeated.
FIRST_ORIGIN = 17
MONTHS_AHEAD = 12
# A distance that fewer past months test has no range, and is not forecast.
MIN_MISSES = 6
RANGE_SHARE = 0.8

AS_LAST_MONTH = "as last month"
AS_LAST_YEAR = "as in the same month last year"
SMOOTHING = "exponential smoothing (ETS)"

Bounds = tuple[float, float]


def as_last_month(series: Floats) -> Floats:
    """Nothing changes; shape (months ahead,), as for every rule."""
    return np.full(MONTHS_AHEAD, series[-1])


def as_last_year(series: Floats) -> Floats:
    """What the same month had a year before."""
    return np.asarray(series[-YEAR:][:MONTHS_AHEAD])


def smoothed(series: Floats) -> Floats:
    """Holt's damped trend, fitted by statsmodels."""
    return np.array(_fitted(tuple(map(float, series))))


@lru_cache(maxsize=2048)
def _fitted(series: tuple[float, ...]) -> tuple[float, ...]:
    """Kept, because the public figures are often the same series again."""
    if min(series) == max(series):
        return (series[-1],) * MONTHS_AHEAD
    holt = import_module("statsmodels.tsa.holtwinters").Holt
    with warnings.catch_warnings():
        # A fit that stops early is judged by its misses like any other.
        warnings.simplefilter("ignore")
        made = holt(series, damped_trend=True, initialization_method="estimated").fit()
    return tuple(float(value) for value in made.forecast(MONTHS_AHEAD))


RULES: Mapping[str, Callable[[Floats], Floats]] = {
    AS_LAST_MONTH: as_last_month,
    AS_LAST_YEAR: as_last_year,
    SMOOTHING: smoothed,
}


@dataclass(frozen=True)
class MonthlyTest:
    """One rule's misses on the series' own past.

    Args:
        rule: its name.
        misses: actual less forecast; shape (origins, months ahead), NaN where none has come yet.
    """

    rule: str
    misses: Floats

    def of(self, ahead: int) -> Floats:
        """The misses so many months ahead."""
        column = self.misses[:, ahead - 1]
        return np.asarray(column[np.isfinite(column)])

    @property
    def mean_absolute_error(self) -> float:
        """Over all distances, each counting the same, so that near ones do not outvote far ones."""
        means = [np.abs(self.of(ahead)).mean() for ahead in range(1, self.reach + 1)]
        return float(np.mean(means))

    @property
    def reach(self) -> int:
        """The furthest distance that enough past months test."""
        counts = np.isfinite(self.misses).sum(axis=0)
        return int(np.count_nonzero(counts >= MIN_MISSES))

    def coverage_pct(self, ahead: int) -> float:
        """How often the range would have held the actual, each month judged by the others."""
        misses = self.of(ahead)
        held = [
            low <= miss <= high
            for place, miss in enumerate(misses)
            for low, high in [_ends(np.delete(misses, place))]
        ]
        return float(100 * np.mean(held))


@dataclass(frozen=True)
class MonthlyForecast:
    """The series ahead by the rule that did best.

    Args:
        used: its name.
        tests: all rules held against the past, by name.
        lower, central, upper: P10, P50 and P90; shape (months,). The middle is what the rule says,
            moved by its usual miss.
        draws: for each month ahead, what each past miss would make of it.
    """

    used: str
    tests: Mapping[str, MonthlyTest]
    lower: Floats
    central: Floats
    upper: Floats
    draws: tuple[Floats, ...]


def forecast(series: Floats, bounds: Bounds = (0, np.inf)) -> MonthlyForecast:
    """Choose the rule and apply it.

    series: shape (months,), consecutive, at least MIN_MONTHS of them.
    bounds: the least and the most that the measure can be.
    """
    tests = {name: back_test(name, series, bounds) for name in RULES}
    used = min(tests, key=lambda name: tests[name].mean_absolute_error)
    test = tests[used]
    said = RULES[used](series)[: test.reach]
    misses = [np.sort(test.of(ahead)) for ahead in range(1, test.reach + 1)]
    ends = np.array([_ends(own) for own in misses])
    lower = said + np.minimum.accumulate(ends[:, 0])
    upper = said + np.maximum.accumulate(ends[:, 1])
    draws = tuple(np.clip(value + own, *bounds) for value, own in zip(said, misses, strict=True))
    central = np.array([np.median(own) for own in draws])
    return MonthlyForecast(
        used, tests, np.clip(lower, *bounds), central, np.clip(upper, *bounds), draws
    )


def back_test(name: str, series: Floats, bounds: Bounds = (0, np.inf)) -> MonthlyTest:
    """Take each past month as the newest, and hold the rule against what came."""
    rule = RULES[name]
    rows = [
        _missed(rule, series, origin, bounds) for origin in range(FIRST_ORIGIN, len(series) - 1)
    ]
    return MonthlyTest(name, np.array(rows))


def _missed(
    rule: Callable[[Floats], Floats], series: Floats, origin: int, bounds: Bounds
) -> NDArray[np.float64]:
    came = series[origin + 1 : origin + 1 + MONTHS_AHEAD]
    row = np.full(MONTHS_AHEAD, np.nan)
    row[: len(came)] = came - np.clip(rule(series[: origin + 1])[: len(came)], *bounds)
    return row


def _ends(misses: Floats) -> tuple[float, float]:
    """The misses that leave a tenth on each side, counted among one more than there are."""
    tail = (1 - RANGE_SHARE) / 2
    lower, upper = np.quantile(misses, [tail, 1 - tail], method="weibull")
    return float(lower), float(upper)
