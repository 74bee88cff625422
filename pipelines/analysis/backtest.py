"""How far off would each rule have been? Every past year in turn is taken as the newest.

A rule sees only what was known at that origin; its forecasts are held against what came. From the
misses follow the mean absolute error, the range that is shown, and which rule is used. The range
is tested on an origin by the misses of the other origins alone.
docs/methods.md, "Which forecast is shown".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.analysis.panel import Kind, Panel, Rule
from pipelines.analysis.ranges import Floats
from pipelines.errors import SendError

# The first origin has two changes behind it, so that a rule can learn how one follows another.
FIRST_ORIGIN = 2
HORIZONS = (1, 2, 3, 4)
RANGE_SHARE = 0.8
SIZE_CLASSES = 3

# A class with fewer misses than that has no tenth to leave aside, and borrows all of them.
MIN_MISSES = 10

Classes = NDArray[np.int64]


@dataclass(frozen=True)
class BackTest:
    """One rule's misses.

    Args:
        rule: its name.
        kind: relative (logarithm of actual over forecast, for counts) or points (actual less
            forecast, for percentages).
        misses: by origin year and years ahead; shape (authorities,).
        classes: by origin year, the size class of each authority: 0 the smallest third.
    """

    rule: str
    kind: Kind
    misses: Mapping[tuple[int, int], Floats]
    classes: Mapping[int, Classes]

    def origins(self, ahead: int) -> tuple[int, ...]:
        """The origin years from which so many years ahead could be tested."""
        return tuple(origin for origin, horizon in self.misses if horizon == ahead)

    def errors(self, ahead: int) -> Floats:
        """Forecast less actual, over all origins: per cent of the actual, or points."""
        misses = np.concatenate([self.misses[origin, ahead] for origin in self.origins(ahead)])
        return 100 * np.expm1(-misses) if self.kind == "relative" else -misses

    def mean_absolute_error(self, ahead: int) -> float:
        """Per cent of the actual, or points."""
        return float(np.mean(np.abs(self.errors(ahead))))

    def signed_error(self, ahead: int) -> float:
        """Mean of forecast less actual: above nought, the rule forecast too much."""
        return float(np.mean(self.errors(ahead)))

    def coverage_pct(self, ahead: int) -> float | None:
        """How often the 80% range held the actual, each origin judged by the others' misses.

        None from a single origin, which no other can judge.
        """
        origins = self.origins(ahead)
        if len(origins) < 2:
            return None
        held = [
            self._held(origin, ahead, [other for other in origins if other != origin])
            for origin in origins
        ]
        return float(100 * np.mean(np.concatenate(held)))

    def coverage_by_earlier_pct(self, ahead: int) -> float | None:
        """The same, each origin judged only by misses that were known at it.

        What somebody who used the range at the time would have met with. None where no origin has
        an earlier one whose actual had come by then.
        """
        held = [
            self._held(origin, ahead, earlier)
            for origin in self.origins(ahead)
            if (earlier := [o for o in self.origins(ahead) if o + ahead <= origin])
        ]
        return float(100 * np.mean(np.concatenate(held))) if held else None

    def bands(self, ahead: int, origins: Sequence[int] | None = None) -> Bands:
        """The misses, from all origins or some, that make the range so many years ahead."""
        origins = self.origins(ahead) if origins is None else origins
        if not origins:
            raise SendError(
                f"No past year tests a forecast {ahead} years ahead.",
                where=self.rule,
                remedy="Forecast fewer years ahead, or take in a release with more years.",
            )
        misses = np.concatenate([self.misses[origin, ahead] for origin in origins])
        classes = np.concatenate([self.classes[origin] for origin in origins])
        by_class = [misses[classes == size] for size in range(SIZE_CLASSES)]
        enough = (own if len(own) >= MIN_MISSES else misses for own in by_class)
        return Bands(self.kind, tuple(enough))

    def _held(self, origin: int, ahead: int, judges: Sequence[int]) -> NDArray[np.bool_]:
        bands = self.bands(ahead, judges)
        lower, upper = bands.miss_range(self.classes[origin])
        misses = self.misses[origin, ahead]
        return np.asarray((lower <= misses) & (misses <= upper))


@dataclass(frozen=True)
class Bands:
    """Past misses by size class, which stand for what may happen."""

    kind: Kind
    misses: tuple[Floats, ...]

    def miss_range(self, classes: Classes) -> tuple[Floats, Floats]:
        """Lower and upper miss for each authority's size class.

        The ranks count the coming miss among the past ones, which makes the range a little wider
        than the plain quantiles of few misses.
        """
        ends = np.array([_ends(misses) for misses in self.misses])
        return ends[classes, 0], ends[classes, 1]

    def draws(self, forecast: float, size: int) -> Floats:
        """What one authority's value would be under each past miss of its size class, in order.

        Shares of them are chances: of being above a target, for example.
        """
        misses = np.sort(self.misses[size])
        return applied(np.full(len(misses), forecast), misses, self.kind)


@dataclass(frozen=True)
class Choice:
    """Which rule is used so many years ahead, and why.

    Args:
        used: the model, if it beats every simple rule; otherwise the best simple rule.
        errors: the mean absolute error of each rule that was tried.
        best_simple: the simple rule with the smallest.
    """

    ahead: int
    used: str
    best_simple: str
    errors: Mapping[str, float]


def back_test(
    name: str,
    rule: Rule,
    panel: Panel,
    kind: Kind,
    *,
    sizes: Floats | None = None,
    horizons: Sequence[int] = HORIZONS,
    first_origin: int = FIRST_ORIGIN,
) -> BackTest:
    """Run a rule at every origin of the panel and every horizon that has come since.

    sizes: shape of panel.values, plans of each authority and year, where the values are not plans.
    """
    size = panel.values if sizes is None else sizes
    last = len(panel.years) - 1
    misses, classes = {}, {}
    for origin in range(first_origin, last):
        classes[panel.years[origin]] = size_classes(size[:, origin])
        for ahead in horizons:
            if origin + ahead <= last:
                forecast = rule(panel.until(origin), ahead)
                miss = _miss(panel.values[:, origin + ahead], forecast, kind)
                misses[panel.years[origin], ahead] = miss
    return BackTest(name, kind, misses, classes)


def fan(tests: Sequence[BackTest], forecast: Floats, classes: Classes) -> tuple[Floats, Floats]:
    """P10 and P90 of each authority's value, 1, 2, 3... years ahead; no narrower than before.

    tests: that of the rule used for each year ahead; all of one kind.
    forecast: shape (authorities, years ahead), as are both results. The furthest years are tested
    by few origins, whose misses may happen to lie close together: a range never shrinks again. It
    holds the forecast itself, even of a rule that usually misses to one side.
    """
    ranges = [test.bands(ahead).miss_range(classes) for ahead, test in enumerate(tests, start=1)]
    ends = np.array(ranges)
    lower = np.minimum.accumulate(np.minimum(ends[:, 0], 0)).T
    upper = np.maximum.accumulate(np.maximum(ends[:, 1], 0)).T
    kind = tests[0].kind
    return applied(forecast, lower, kind), applied(forecast, upper, kind)


def applied(forecast: Floats, miss: Floats, kind: Kind) -> Floats:
    """What the actual is if the forecast misses by so much."""
    if kind == "relative":
        return np.asarray(forecast * np.exp(miss))
    return np.clip(forecast + miss, 0, 100)


def size_classes(sizes: Floats) -> Classes:
    """The third of authorities that each belongs to by size: 0 the smallest."""
    shares = np.arange(1, SIZE_CLASSES) / SIZE_CLASSES
    return np.digitize(sizes, np.quantile(sizes, shares)).astype(np.int64)


def size_class(size: float, sizes: Floats) -> int:
    """The third that one more authority would belong to."""
    shares = np.arange(1, SIZE_CLASSES) / SIZE_CLASSES
    return int(np.digitize(size, np.quantile(sizes, shares)))


def choose(models: Sequence[BackTest], simple: Sequence[BackTest], ahead: int) -> Choice:
    """The best model where it beats every simple rule out of sample, else the best simple rule."""
    errors = {test.rule: test.mean_absolute_error(ahead) for test in (*models, *simple)}
    best_simple = min((test.rule for test in simple), key=errors.__getitem__)
    best = min(errors, key=errors.__getitem__)
    used = best if errors[best] < errors[best_simple] else best_simple
    return Choice(ahead, used, best_simple, errors)


def _miss(actual: Floats, forecast: Floats, kind: Kind) -> Floats:
    return np.asarray(np.log(actual / forecast) if kind == "relative" else actual - forecast)


def _ends(misses: Floats) -> tuple[float, float]:
    """The misses that leave a tenth on each side, counted among one more than there are."""
    tail = (1 - RANGE_SHARE) / 2
    lower, upper = np.quantile(misses, [tail, 1 - tail], method="weibull")
    return float(lower), float(upper)
