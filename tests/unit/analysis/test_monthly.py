"""A council's own months: which rule is used, what its range is, and how far ahead it reaches."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.analysis import monthly

GENERATOR = np.random.default_rng(5)
WALK = 100 + np.cumsum(GENERATOR.normal(0, 5, 40))
SEASONS = np.tile([5.0, 40, 12, 33, 60, 2, 18, 55, 9, 27, 48, 70], 4)[:40]
RISE = np.array([100.0 + 3 * month for month in range(40)])


@pytest.mark.parametrize(
    ("series", "rule"),
    [
        pytest.param(SEASONS, monthly.AS_LAST_YEAR, id="a season that repeats"),
        pytest.param(RISE, monthly.SMOOTHING, id="a steady rise"),
    ],
)
def test_the_rule_with_the_smallest_misses_is_used(series: np.ndarray, rule: str) -> None:
    made = monthly.forecast(series)
    errors = {name: test.mean_absolute_error for name, test in made.tests.items()}
    assert made.used == rule == min(errors, key=lambda name: errors[name])


def test_a_rule_sees_nothing_later_than_its_origin() -> None:
    later = WALK.copy()
    later[30:] += 1_000
    for name in monthly.RULES:
        before, after = monthly.back_test(name, WALK), monthly.back_test(name, later)
        row = 30 - 1 - monthly.FIRST_ORIGIN
        came = WALK[30 : 30 + monthly.MONTHS_AHEAD]
        changed = later[30 : 30 + monthly.MONTHS_AHEAD]
        np.testing.assert_allclose(
            before.misses[row, : len(came)] - came, after.misses[row, : len(came)] - changed
        )


def test_a_distance_that_fewer_than_six_months_test_is_not_forecast() -> None:
    made = monthly.forecast(WALK[: monthly.MIN_MONTHS])
    counts = [len(made.tests[made.used].of(ahead)) for ahead in range(1, monthly.MONTHS_AHEAD + 1)]
    assert len(made.central) == sum(count >= monthly.MIN_MISSES for count in counts) == 7


def test_the_range_widens_with_distance_and_holds_its_middle() -> None:
    made = monthly.forecast(WALK)
    assert (made.lower <= made.central).all()
    assert (made.central <= made.upper).all()
    if made.used == monthly.AS_LAST_MONTH:
        assert (np.diff(made.upper - made.lower) >= -1e-9).all()


def test_a_percentage_stays_between_0_and_100() -> None:
    made = monthly.forecast(np.clip(WALK, 90, 99.5), (0, 100))
    assert made.upper.max() <= 100
    assert max(draws.max() for draws in made.draws) <= 100


def test_the_measure_that_docs_methods_works_through() -> None:
    series = np.array([100.0 + 2 * month + (10 if month % 12 == 11 else 0) for month in range(36)])
    made = monthly.forecast(series)
    errors = [round(test.mean_absolute_error, 1) for test in made.tests.values()]
    assert errors == [13.5, 24.0, 3.1]
    assert made.used == monthly.SMOOTHING
