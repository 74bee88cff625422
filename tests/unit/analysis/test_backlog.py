"""The queue of assessments: case by case against the fast sums, clearance, capacity, scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from pipelines.analysis import backlog, queue_ratios
from pipelines.analysis.backlog import Queue, Scenario
from pipelines.analysis.queue_weeks import Cases, Flow, Order, work
from pipelines.errors import SendError

START = date(2025, 9, 1)
CHRISTMAS = date(2025, 12, 25)
ORDERS: tuple[Order, ...] = ("oldest first", "newest first")


def case_by_case(
    ages: Sequence[float], came: Sequence[int], capacity: Sequence[int], ready: float, order: Order
) -> list[tuple[int, int, int, int]]:
    """One run with a list of children: finished, late, overdue and open at each week's end."""
    requested = [-age for age in ages]
    seen = []
    for week, (new, able) in enumerate(zip(came, capacity, strict=True), start=1):
        requested += [week - 0.5] * new
        can = [r for r in requested if week - r >= ready or week - r > 20]
        youngest = order == "newest first"
        # Newest first takes children by the week in which they would become overdue.
        can.sort(key=lambda r: -np.floor(r + 20) if youngest else r)
        taken = can[:able]
        for child in taken:
            requested.remove(child)
        late = sum(week - child > 20 for child in taken)
        overdue = sum(week - child > 20 for child in requested)
        seen.append((len(taken), late, overdue, len(requested)))
    return seen


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("ready", [0.5, 6, 12, 16.5, 20])
def test_the_weekly_sums_are_what_following_each_child_gives(order: Order, ready: float) -> None:
    generator = np.random.default_rng(int(ready * 10))
    ages = generator.uniform(0, 30, 80).round(1)
    came, capacity = generator.poisson(8, 60), generator.poisson(9, 60)
    cases = Cases.of(ages, 60, ready)
    flow: Flow = work(cases, came[:, None].astype(float), capacity[:, None].astype(float), order)
    found = np.hstack([flow.finished, flow.late, flow.overdue, flow.open_cases])
    np.testing.assert_allclose(found, case_by_case(ages, came, capacity, ready, order))


def test_a_case_is_overdue_after_140_days_and_not_on_the_140th() -> None:
    queue = Queue(np.array([140 / 7, 141 / 7]), np.zeros(4), np.zeros(4))
    assert queue.overdue == 1
    came = np.zeros((2, 1))
    flow = work(Cases.of(queue.age_weeks, 2), came, came, "oldest first")
    assert flow.overdue[:, 0].tolist() == [2, 2]


def autumn_2025() -> Queue:
    """300 overdue cases on 1 September 2025, and as many requests as are finished each week."""
    generator = np.random.default_rng(2025)
    ages = np.concatenate([generator.uniform(0, 20, 560), generator.uniform(20.1, 62, 300)])
    return Queue(
        ages, generator.poisson(28, 52).astype(float), generator.poisson(28, 52).astype(float)
    )


AS_NOW = Scenario("as now")
TEAM = Scenario("team from September", (backlog.staff("overdue team", 20, from_week=0),))


def test_the_autumn_2025_backlog_stays_without_the_team_and_clears_about_christmas_with_it() -> (
    None
):
    queue = autumn_2025()
    assert queue.overdue == 300
    now, team = backlog.forecast(queue, [AS_NOW, TEAM], seed=1)
    christmas = backlog.weeks_until(START, CHRISTMAS)
    assert christmas == 16
    assert now.chance_by(christmas) == 0
    assert now.never_share > 0.5
    low, middle, high = team.clear_weeks
    assert low is not None
    assert high is not None
    assert low <= middle <= high
    assert date(2025, 12, 1) <= backlog.date_of(START, middle) <= date(2026, 1, 31)
    assert team.never_share == 0
    assert team.back_share == 0
    assert 0 < team.chance_by(middle) < 1


def test_while_old_cases_are_cleared_first_the_on_time_rate_is_low_and_recovers_after() -> None:
    (team,) = backlog.forecast(autumn_2025(), [TEAM], seed=1)
    on_time = team.on_time_pct[1]
    assert on_time[0] == 0
    assert team.late_completions[1][0] > 100
    assert on_time[-1] > 95
    assert team.late_completions[1][-1] == 0


def test_newest_first_keeps_the_rate_up_and_the_backlog_longer() -> None:
    (oldest,) = backlog.forecast(autumn_2025(), [TEAM], order="oldest first", seed=1)
    (newest,) = backlog.forecast(autumn_2025(), [TEAM], order="newest first", seed=1)
    assert newest.on_time_pct[1][0] > oldest.on_time_pct[1][0] + 50
    assert newest.clear_weeks[1] > oldest.clear_weeks[1]
    assert newest.overdue[1][-1] == oldest.overdue[1][-1] == 0


def test_the_same_seed_gives_the_same_answer_and_another_does_not() -> None:
    first, again, other = (
        backlog.forecast(autumn_2025(), [TEAM], runs=200, seed=seed)[0] for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(first.clear_week, again.clear_week)
    np.testing.assert_array_equal(first.overdue, again.overdue)
    assert (first.clear_week != other.clear_week).any()


def test_a_scenario_is_not_touched_by_the_scenarios_beside_it() -> None:
    alone = backlog.forecast(autumn_2025(), [TEAM], runs=100)[0]
    beside = backlog.forecast(autumn_2025(), [AS_NOW, TEAM], runs=100)[1]
    np.testing.assert_array_equal(alone.overdue, beside.overdue)


@pytest.mark.parametrize("order", ORDERS)
def test_the_capacity_found_clears_in_four_of_five_runs_and_one_case_less_does_not(
    order: Order,
) -> None:
    queue = autumn_2025()
    needed = backlog.needed_capacity(queue, 16, order=order, runs=500, seed=3)
    usual = backlog.needed_capacity(queue, 16, order=order, runs=500, seed=3, sure=0.0)
    assert needed is not None
    assert usual is not None
    assert backlog.needed_capacity(queue, 0) is None
    chances = [
        backlog.forecast(
            queue,
            [Scenario("x", (backlog.staff("more", needed - usual + more, 0),))],
            order=order,
            runs=500,
            weeks=16,
            seed=3,
        )[0].chance_by(16)
        for more in (0.0, -1.0)
    ]
    assert chances[0] >= 0.8 > chances[1]


def test_changes_act_from_their_week_on_in_order_and_never_below_nought() -> None:
    queue = Queue(np.full(40, 25.0), np.full(8, 4.0), np.full(8, 2.0))
    stop = Scenario("stop", (backlog.arrivals("none", 0, from_week=3),))
    team = Scenario(
        "team", (backlog.staff("t", 3, 1, until_week=2), backlog.ep_hours("e", 10, 5, 0))
    )
    less = Scenario("less", (backlog.staff("gone", -9, 0),))
    stopped, helped, without = backlog.forecast(queue, [stop, team, less], runs=5, weeks=8)
    came = np.diff(stopped.open_cases[1], prepend=40) + 2
    assert came.tolist() == [4, 4, 4, 0, 0, 0, 0, 0]
    # Two a week, in the second week three more, and then twice of it all.
    assert np.diff(helped.overdue[1], prepend=40)[:2].tolist() == [-4, -10]
    assert without.overdue[1].min() == 40


def test_triage_takes_its_share_out_of_those_who_come() -> None:
    queue = Queue(np.empty(0), np.full(8, 10.0), np.zeros(8))
    (quarter,) = backlog.forecast(
        queue, [Scenario("t", (backlog.triage("t", 0.25, 0),))], runs=3, weeks=8
    )
    assert quarter.open_cases[1].tolist() == [7.5 * week for week in range(1, 9)]


def test_a_backlog_that_comes_back_is_counted() -> None:
    queue = Queue(np.full(5, 25.0), np.full(8, 6.0), np.full(8, 5.0))
    (made,) = backlog.forecast(queue, runs=20, weeks=104)
    assert made.clear_week.tolist() == [1.0] * 20
    assert made.back_share == 1
    assert made.overdue[1][-1] > 0


def test_blocks_are_four_consecutive_observed_weeks() -> None:
    drawn = backlog.moving_blocks(observed_weeks=10, runs=50, weeks=10, seed=0)
    assert drawn.shape == (50, 10)
    assert (np.diff(drawn[:, :4]) == 1).all()
    assert (np.diff(drawn[:, 4:8]) == 1).all()
    assert set(drawn[:, 0]) == set(range(7)), "a block may not run over the end"


def test_load_target_queue_and_relief_capacity_are_the_published_sums() -> None:
    assert queue_ratios.load([10, 12, 8, 10], [8, 8, 8, 8]) == pytest.approx(1.25)
    assert queue_ratios.load([1, 0], [0, 0]) == np.inf
    assert queue_ratios.target_queue(30, target_weeks=20) == 150
    assert queue_ratios.relief_capacity(1200, 30, weeks=26, target_weeks=52) == pytest.approx(
        30 + (1200 - 390) / 26
    )
    assert queue_ratios.relief_capacity(100, 30, weeks=26) == 30


def test_weeks_become_dates_and_never_stays_never() -> None:
    assert backlog.date_of(START, 16) == date(2025, 12, 22)
    assert backlog.date_of(START, np.inf) is None
    assert backlog.date_of(START, None) is None


def test_a_history_that_does_not_fit_together_is_refused() -> None:
    with pytest.raises(SendError, match="3 weeks of arrivals"):
        Queue(np.empty(0), np.ones(3), np.ones(3))
    with pytest.raises(SendError, match="same consecutive weeks"):
        Queue(np.empty(0), np.ones(8), np.ones(7))
    with pytest.raises(SendError, match="20 weeks"):
        Queue(np.empty(0), np.ones(8), np.ones(8), ready_weeks=21)
