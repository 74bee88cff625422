"""Quantiles of runs, chances, each action's own part, and the search for what it takes."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.analysis.ranges import chance, quantiles
from pipelines.analysis.scenario import contributions, what_it_takes


def test_quantiles_are_runs_themselves_and_never_may_be_one_of_them() -> None:
    draws = [3.0, np.inf, 1.0, 2.0, 5.0, 4.0, 8.0, 7.0, 6.0, np.inf]
    assert quantiles(draws).tolist() == [1.0, 5.0, np.inf]
    assert quantiles(np.arange(1, 31)).tolist() == [3, 15, 27]


def test_quantiles_are_taken_along_the_axis_of_the_runs() -> None:
    draws = np.arange(20).reshape(10, 2)
    assert quantiles(draws).shape == (3, 2)
    np.testing.assert_array_equal(quantiles(draws.T, axis=-1), quantiles(draws))


def test_the_middle_of_a_total_is_not_the_total_of_the_middles() -> None:
    parts = np.array([[0, 0], [0, 9], [9, 0]])
    assert quantiles(parts)[1].sum() == 0
    assert quantiles(parts.sum(axis=1))[1] == 9


def test_a_chance_counts_the_target_itself_as_reached() -> None:
    assert chance([10, 20, 30, 40], 30, at_most=True) == 0.75
    assert chance([10, 20, 30, 40], 30, at_most=False) == 0.5


def test_contributions_add_up_with_their_interaction() -> None:
    def run(actions: list[float]) -> float:
        return 100 * float(np.prod([1.0, *actions]))

    found = contributions(run, [1.1, 1.2])
    assert found.baseline == 100
    assert found.alone == ((1.1, pytest.approx(10)), (1.2, pytest.approx(20)))
    assert found.together == pytest.approx(132)
    assert found.interaction == pytest.approx(2)


@pytest.mark.parametrize(
    ("goal", "amount"), [(25.0, 5.0), (-1.0, 0.0), (0.0, 0.0), (100.0, 10.0), (101.0, None)]
)
def test_what_it_takes_is_the_least_that_reaches_the_goal(goal: float, amount: float) -> None:
    found = what_it_takes(lambda x: x * x, goal, 0, 10, tolerance=1e-6)
    assert found.amount == pytest.approx(amount)
    assert found.reached >= goal or amount is None
