"""Many series at once: the same as one by one, and the same after scaling, shifting, reflecting."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.analysis import spc, xmr

SERIES = arrays(np.int64, st.integers(8, 40), elements=st.integers(-50, 50)).map(
    lambda values: values.astype(np.float64)
)
FACTORS = st.sampled_from([0.1, 0.25, 3.0, 7.0, 1000.0])
SHIFTS = st.sampled_from([-1000.0, -3.5, 0.1, 12.0, 500.0])
OPPOSITE = {
    spc.Variation.IMPROVEMENT: spc.Variation.CONCERN,
    spc.Variation.CONCERN: spc.Variation.IMPROVEMENT,
}


def plain_rules(values: list[float], limits: spc.Limits) -> list[int]:
    """The rules in plain words, point by point, to hold the fast ones against."""
    n, tiny = len(values), 1e-9
    outside = [v > limits.upper + tiny or v < limits.lower - tiny for v in values]
    sides = [0 if abs(v - limits.mean) < tiny else 1 if v > limits.mean else -1 for v in values]
    near = [v > limits.near_upper + tiny or v < limits.near_lower - tiny for v in values]
    steps = [0 if abs(b - a) < tiny else 1 if b > a else -1 for a, b in pairwise(values)]
    marks = [[False] * n for _ in range(4)]
    marks[0] = outside
    for i in range(n - 6):
        if abs(sum(steps[i : i + 6])) == 6:
            marks[1][i : i + 7] = [True] * 7
        if abs(sum(sides[i : i + 7])) == 7:
            marks[3][i : i + 7] = [True] * 7
    for i in range(n - 2):
        if abs(sum(sides[i : i + 3])) == 3 and sum(near[i : i + 3]) >= 2:
            for j in range(i, i + 3):
                marks[2][j] = marks[2][j] or near[j]
    return [next((r + 1 for r in range(4) if marks[r][i]), 0) for i in range(n)]


@given(SERIES)
def test_the_fast_rules_are_the_plain_ones(values: np.ndarray) -> None:
    limits = spc.xmr_limits(values)
    found = xmr.charts_of(values[np.newaxis]).signals.rule[0].tolist()
    expected = (
        plain_rules(values.tolist(), limits) if limits.lower is not None else [0] * len(values)
    )
    assert found == expected


@given(SERIES, FACTORS)
def test_scaling_scales_the_limits_and_keeps_the_signals(values: np.ndarray, by: float) -> None:
    before, after = (xmr.charts_of(v[np.newaxis]) for v in (values, values * by))
    np.testing.assert_allclose(after.limits.upper, before.limits.upper * by)
    np.testing.assert_array_equal(after.signals.rule, before.signals.rule)
    np.testing.assert_array_equal(after.signals.side, before.signals.side)


@given(SERIES, SHIFTS)
def test_shifting_shifts_the_limits_and_keeps_the_signals(values: np.ndarray, by: float) -> None:
    before, after = (xmr.charts_of(v[np.newaxis]) for v in (values, values + by))
    np.testing.assert_allclose(after.limits.lower, before.limits.lower + by, atol=1e-9)
    np.testing.assert_array_equal(after.signals.rule, before.signals.rule)
    np.testing.assert_array_equal(after.signals.side, before.signals.side)


@given(SERIES)
def test_reflection_swaps_improvement_and_concern(values: np.ndarray) -> None:
    here, mirrored = (
        spc.chart(v, polarity="high_is_good", target=5.0 * s, baseline=None)
        for v, s in ((values, 1), (-values, -1))
    )
    np.testing.assert_array_equal(mirrored.rule, here.rule)
    np.testing.assert_array_equal(mirrored.side, -here.side)
    assert mirrored.variation is OPPOSITE.get(here.variation, here.variation)
    swapped = {spc.Assurance.PASSES: spc.Assurance.FAILS, spc.Assurance.FAILS: spc.Assurance.PASSES}
    assert mirrored.assurance is swapped.get(here.assurance, here.assurance)


def test_a_matrix_gives_each_row_what_it_gets_alone() -> None:
    generator = np.random.default_rng(5)
    matrix = np.round(generator.normal(50, 5, (xmr.BLOCK + 3, 24)), 1)
    matrix[1] = 7.0
    matrix[2, 5] = np.nan
    together = xmr.charts_of(matrix)
    assert together.signals.rule.any()
    for row in (0, 1, 2, 3, xmr.BLOCK - 1, xmr.BLOCK, xmr.BLOCK + 2):
        alone = xmr.charts_of(matrix[row : row + 1])
        np.testing.assert_array_equal(together.signals.rule[row], alone.signals.rule[0])
        np.testing.assert_allclose(together.limits.upper[row], alone.limits.upper[0])


def test_a_row_with_a_missing_period_or_without_variation_has_no_limits_and_no_signals() -> None:
    rows = np.tile(np.arange(20.0), (3, 1))
    rows[1] = 4.2
    rows[2, 3] = np.nan
    found = xmr.charts_of(rows)
    assert found.limits.exist.tolist() == [True, False, False]
    assert found.signals.rule.any(axis=1).tolist() == [True, False, False]


def test_one_point_a_series_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two periods"):
        xmr.limits_of([[1.0], [2.0]])
