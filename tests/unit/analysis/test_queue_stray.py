"""How far a queue's pace strays: what past misses say beyond the range of their own draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.analysis.backlog import Queue, forecast, needed_capacity
from pipelines.analysis.queue_stray import LEAST_MISSES, RANGE_WIDTH, stray

WEEKS = np.array([4.0, 9, 13, 26] * 6)
PACE = np.full(52, 20.0)
QUEUE = Queue(np.linspace(0, 79, 800), PACE, PACE)


def test_a_pace_that_is_off_by_two_a_week_is_found_again() -> None:
    misses = 2 * WEEKS * np.tile([1, -1], len(WEEKS) // 2)
    assert stray(misses, np.zeros(len(WEEKS)), WEEKS) == pytest.approx(2)


def test_misses_as_large_as_the_draws_allow_say_that_nothing_strays() -> None:
    widths = np.full(len(WEEKS), 30.0)
    assert stray(widths / RANGE_WIDTH, widths, WEEKS) == pytest.approx(0, abs=1e-6)
    assert stray(np.zeros(len(WEEKS)), widths, WEEKS) == 0


def test_from_a_handful_of_misses_nothing_is_learned() -> None:
    few = LEAST_MISSES - 1
    assert stray(WEEKS[:few], np.zeros(few), WEEKS[:few]) == 0
    assert stray(WEEKS[: few + 1], np.zeros(few + 1), WEEKS[: few + 1]) == pytest.approx(1)


def test_a_pace_that_strays_widens_the_range_with_the_weeks_and_leaves_the_middle() -> None:
    (plain,) = forecast(QUEUE, weeks=26, seed=3)
    (wide,) = forecast(replace(QUEUE, stray=1.5), weeks=26, seed=3)
    spread = wide.overdue[2] - wide.overdue[0]
    assert np.all(plain.overdue[2] == plain.overdue[0])
    assert spread[25] == pytest.approx(26 * 1.5 * RANGE_WIDTH, rel=0.1)
    assert spread[3] == pytest.approx(4 * 1.5 * RANGE_WIDTH, rel=0.1)
    assert wide.overdue[1, 25] == pytest.approx(plain.overdue[1, 25], abs=3)


def test_to_be_sure_of_a_day_more_is_needed_where_the_pace_strays() -> None:
    sure = needed_capacity(QUEUE, 20, seed=3)
    careful = needed_capacity(replace(QUEUE, stray=1.5), 20, seed=3)
    assert sure is not None
    assert careful is not None
    # Eight runs in ten are quick enough: 0.84 standard deviations.
    assert careful - sure == pytest.approx(0.84 * 1.5, abs=0.3)


def test_the_same_seed_strays_the_same_way() -> None:
    queue = replace(QUEUE, stray=1.5)
    (one,), (other,) = (forecast(queue, weeks=12, seed=7) for _ in range(2))
    assert np.array_equal(one.overdue, other.overdue)
