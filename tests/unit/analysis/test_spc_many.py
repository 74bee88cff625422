"""Many stretches at once are judged as one at a time, and stretches without limits say why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analysis.spc import Standing, chart
from pipelines.analysis.spc_many import Judged, judge

LINES = ("mean", "lower", "upper", "near_lower", "near_upper")
# Whole numbers in a narrow band, so that ties, points on the mean and constant series come up.
series = st.lists(st.integers(0, 6).map(float), min_size=2, max_size=30)


def judged(stretches: list[list[float]], sizes: list[list[float]] | None = None) -> Judged:
    """The stretches one after the other, each on consecutive periods."""
    lengths = [len(stretch) for stretch in stretches]
    starts = np.cumsum([0, *lengths[:-1]])
    places = np.concatenate([np.arange(length) for length in lengths])
    held = None if sizes is None else np.concatenate(sizes)
    return judge(np.concatenate(stretches), places, starts, held)


@given(st.lists(series, min_size=1, max_size=8))
def test_many_stretches_are_judged_as_each_by_itself(stretches: list[list[float]]) -> None:
    many = judged(stretches)
    start = 0
    for number, values in enumerate(stretches):
        one = chart(values)
        own = slice(start, start + len(values))
        assert many.standing[number] == one.latest.standing
        assert many.rule[own].tolist() == one.rule.tolist()
        assert many.side[own].tolist() == one.side.tolist()
        for name in LINES:
            expected = getattr(one.latest.limits, name)
            found = getattr(many, name)[number]
            assert found == pytest.approx(np.nan if expected is None else expected, nan_ok=True)
        start += len(values)


@pytest.mark.parametrize(
    ("points", "standing"),
    [
        (7, Standing.TOO_SHORT),
        (8, Standing.TRIAL),
        (12, Standing.TRIAL),
        (13, Standing.FIRM),
    ],
)
def test_limits_depend_on_the_number_of_points(points: int, standing: Standing) -> None:
    many = judged([[float(place % 2) for place in range(points)]])
    assert many.standing.tolist() == [standing]
    assert np.isnan(many.lower[0]) == (standing == Standing.TOO_SHORT)


def test_a_missing_period_takes_the_limits_and_says_so() -> None:
    values = [1.0, 2.0] * 5
    places = np.array([*range(5), *range(6, 11)])
    many = judge(np.array(values), places, np.array([0]))
    assert many.standing.tolist() == [Standing.GAPS]
    assert np.isnan(many.upper[0])
    assert not many.rule.any()


def test_a_gap_between_two_stretches_is_no_gap_in_either() -> None:
    values = np.array([1.0, 2.0] * 8)
    places = np.array([*range(8), *range(20, 28)])
    many = judge(values, places, np.array([0, 8]))
    assert many.standing.tolist() == [Standing.TRIAL, Standing.TRIAL]


@pytest.mark.parametrize(
    ("size", "standing"),
    [(19.0, Standing.SMALL_DENOMINATORS), (20.0, Standing.TRIAL), (np.nan, Standing.TRIAL)],
    ids=["19", "20", "not known"],
)
def test_small_denominators_take_the_limits_where_they_are_known(
    size: float, standing: Standing
) -> None:
    many = judged([[1.0, 2.0] * 4], [[size] * 8])
    assert many.standing.tolist() == [standing]


@pytest.mark.parametrize(("largest", "is_uneven"), [(300.0, False), (301.0, True)])
def test_uneven_denominators_are_told(largest: float, is_uneven: bool) -> None:
    many = judged([[1.0, 2.0] * 4], [[100.0] * 7 + [largest]])
    assert many.has_uneven_denominators.tolist() == [is_uneven]


def test_nothing_is_judged_of_nothing() -> None:
    many = judge(np.empty(0), np.empty(0), np.empty(0))
    assert many.standing.size == many.rule.size == 0
