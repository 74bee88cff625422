"""When will the overdue cases be cleared? A queue of assessments, simulated week by week.

Weeks throughout: ages, horizons, capacity. One run draws its weeks from the observed ones in
blocks of four; cases are then finished oldest first or newest first, which settles both the
overdue cases that remain and the on-time rate that follows. What is not modelled: which child.
The plain ratios (load, relief capacity) stand in queue_ratios.py.
Source: moving-block bootstrap of observed weeks; docs/methods.md, "When will the backlog clear?".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.analysis import queue_weeks
from pipelines.analysis.queue_weeks import DUE_WEEKS, READY_WEEKS, Cases, Flow, Order
from pipelines.analysis.ranges import Floats, quantiles
from pipelines.analysis.scenario import what_it_takes
from pipelines.errors import SendError

BLOCK_WEEKS = 4
RUNS = 2_000
WEEKS = 104
MONTH_WEEKS = 4
SURE = 0.8
HALF_A_CASE = 0.5


@dataclass(frozen=True)
class Queue:
    """What is known on the day the simulation starts.

    The same kind of case must be counted in all three arrays. Where requests that are refused in
    their sixth week are among the completions, ready_weeks is six and not twelve.

    Args:
        age_weeks: shape (cases,), weeks since the request of each open case (days / 7).
        arrivals: shape (weeks,), cases that began in each observed week.
        completions: shape (weeks,), cases that were closed in each of those weeks.
        ready_weeks: the age from which a case can be finished: what the advice and the letters
            take even where nobody waits.
        stray: how far a run's pace may lie from the weeks it draws, one standard deviation in
            cases a week, for as long as it runs (queue_stray.py).
    """

    age_weeks: Floats
    arrivals: Floats
    completions: Floats
    ready_weeks: float = READY_WEEKS
    stray: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a history that cannot be drawn from."""
        if len(self.arrivals) != len(self.completions) or len(self.arrivals) < BLOCK_WEEKS:
            raise SendError(
                f"{len(self.arrivals)} weeks of arrivals, {len(self.completions)} of completions.",
                where="history of the queue",
                remedy=f"Give the same consecutive weeks of both, at least {BLOCK_WEEKS}.",
            )
        if not 0 <= self.ready_weeks <= DUE_WEEKS:
            raise SendError(
                f"Cases ready after {self.ready_weeks:g} weeks would all be overdue.",
                where="queue",
                remedy=f"Give 0 to {DUE_WEEKS} weeks.",
            )

    @property
    def overdue(self) -> int:
        """Open cases of more than 20 weeks (140 days)."""
        return int(np.count_nonzero(np.asarray(self.age_weeks) > DUE_WEEKS))


@dataclass(frozen=True)
class Change:
    """One action on the queue, from the start of a week on (0: at once).

    Args:
        name: what is done, for the reader.
        acts_on: arrivals or completions.
        multiply: what the weekly number is multiplied by.
        add: what is then added to it, cases a week.
        from_week: the first week that it touches.
        until_week: the first week that it no longer touches (None: it stays).
    """

    name: str
    acts_on: Literal["arrivals", "completions"]
    multiply: float = 1.0
    add: float = 0.0
    from_week: int = 0
    until_week: int | None = None


def staff(name: str, cases_a_week: float, from_week: int, until_week: int | None = None) -> Change:
    """A team that finishes so many more cases a week, for as long as it is there."""
    return Change(name, "completions", 1.0, cases_a_week, from_week, until_week)


def ep_hours(name: str, before: float, after: float, from_week: int) -> Change:
    """Educational psychologists' hours a case, where their advice is what cases wait for."""
    return Change(name, "completions", before / after, 0.0, from_week)


def arrivals(name: str, multiply: float, from_week: int) -> Change:
    """More or fewer cases beginning than observed."""
    return Change(name, "arrivals", multiply, 0.0, from_week)


def triage(name: str, diverted_share: float, from_week: int) -> Change:
    """This share of cases is met in another way and never joins the queue."""
    return Change(name, "arrivals", 1 - diverted_share, 0.0, from_week)


@dataclass(frozen=True)
class Scenario:
    """A named set of changes; none is the queue as it runs now."""

    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Forecast:
    """One scenario under one order of work.

    Args:
        overdue: P10, P50, P90 of overdue cases at the end of each week; shape (3, weeks).
        open_cases: the same for all open cases.
        on_time_pct: the same for the percentage of cases finished within 20 weeks, over periods
            of four weeks; NaN where nothing is finished; shape (3, weeks // 4).
        finished: the same for the cases finished in those four weeks.
        late_completions: the same for how many of them were overdue already: clearing them lowers
            the rate while the service improves.
        clear_week: the week at whose end each run first has no more overdue cases than the goal,
            counted from 1, infinite where that is never; shape (runs,).
        goal_share: share of runs with no more overdue cases than the goal at the end of each week;
            shape (weeks,). It can fall, where cases become overdue again.
        back_share: share of all runs that cleared and were over the goal again at the end.
    """

    scenario: Scenario
    order: Order
    overdue: Floats
    open_cases: Floats
    on_time_pct: Floats
    finished: Floats
    late_completions: Floats
    clear_week: Floats
    goal_share: Floats
    back_share: float

    @property
    def never_share(self) -> float:
        """Share of runs that do not clear within the weeks simulated."""
        return float(np.mean(np.isinf(self.clear_week)))

    @property
    def clear_weeks(self) -> tuple[int | None, int | None, int | None]:
        """P10, P50 and P90 of the week of clearance; None for not within the weeks simulated."""
        return week_range(self.clear_week)

    def chance_by(self, week: int) -> float:
        """Share of runs that have cleared by the end of this week."""
        return float(np.mean(self.clear_week <= week))


def forecast(
    queue: Queue,
    scenarios: Sequence[Scenario] = (Scenario("as now"),),
    *,
    order: Order = "oldest first",
    goal: int = 0,
    runs: int = RUNS,
    weeks: int = WEEKS,
    seed: int = 0,
) -> tuple[Forecast, ...]:
    """Simulate each scenario on the same draws, so that they differ by their changes alone.

    goal: overdue cases that count as cleared (0: none left).
    """
    drawn = _draws(queue, runs, weeks, seed)
    cases = Cases.of(queue.age_weeks, weeks, queue.ready_weeks)
    return tuple(_forecast(cases, drawn, scenario, order, goal) for scenario in scenarios)


def flow(
    queue: Queue,
    scenario: Scenario,
    *,
    order: Order = "oldest first",
    runs: int = RUNS,
    weeks: int = WEEKS,
    seed: int = 0,
) -> Flow:
    """Every week of every run, of which forecast() tells the ranges; shape (weeks, runs)."""
    cases = Cases.of(queue.age_weeks, weeks, queue.ready_weeks)
    came, capacity = _changed(_draws(queue, runs, weeks, seed), scenario)
    return queue_weeks.work(cases, came, capacity, order)


def needed_capacity(
    queue: Queue,
    by_week: int,
    scenario: Scenario = Scenario("as now"),
    *,
    order: Order = "oldest first",
    goal: int = 0,
    sure: float = SURE,
    runs: int = RUNS,
    seed: int = 0,
) -> float | None:
    """Cases to be finished a week, on average, to clear by the end of a week in 80% of runs.

    What is found is a constant number of cases added to every week up to then, on top of the
    scenario; the answer is that number plus the scenario's average. Exact to 0.05 case. None
    where no number does, because there is no week left.
    """
    if by_week < 1:
        return None
    drawn = _draws(queue, runs, by_week, seed)
    cases = Cases.of(queue.age_weeks, by_week, queue.ready_weeks)

    def share_cleared(extra: float) -> float:
        more = replace(scenario, changes=(*scenario.changes, staff("extra", extra, 0)))
        return _forecast(cases, drawn, more, order, goal).chance_by(by_week)

    most = float(len(queue.age_weeks) + by_week * np.max(queue.arrivals))
    answer = what_it_takes(share_cleared, sure, 0.0, most, tolerance=0.05)
    average = float(_changed(drawn, scenario)[1].mean())
    return None if answer.amount is None else average + answer.amount


def date_of(start: date, week: float | None) -> date | None:
    """The last day of a simulated week, counted from 1; None where there is none."""
    if week is None or np.isinf(week):
        return None
    return start + timedelta(weeks=week)


def weeks_until(start: date, day: date) -> int:
    """Whole weeks from the start to a day: what happens by their end happens by that day."""
    return (day - start).days // 7


def clear_week(overdue: Floats, goal: float) -> Floats:
    """The week at whose end each run first has no more overdue cases than the goal.

    overdue: shape (weeks, runs). Counted from 1, infinite where that is never; shape (runs,).
    """
    # Half a case is none: shares of a case come from changes that multiply.
    is_clear = overdue < goal + HALF_A_CASE
    return np.where(is_clear.any(axis=0), is_clear.argmax(axis=0) + 1.0, np.inf)


def week_range(weeks: Floats) -> tuple[int | None, int | None, int | None]:
    """P10, P50 and P90 of weeks of clearance; None for not within the weeks simulated."""
    low, middle, high = (None if np.isinf(week) else int(week) for week in quantiles(weeks))
    return low, middle, high


def moving_blocks(
    observed_weeks: int, runs: int, weeks: int, seed: int, block: int = BLOCK_WEEKS
) -> NDArray[np.int64]:
    """Indices of observed weeks, drawn in blocks of consecutive ones; shape (runs, weeks)."""
    generator = np.random.default_rng(seed)
    size = (runs, -(-weeks // block), 1)
    starts = generator.integers(0, observed_weeks - block + 1, size=size)
    drawn: NDArray[np.int64] = (starts + np.arange(block)).reshape(runs, -1)[:, :weeks]
    return drawn


def _draws(queue: Queue, runs: int, weeks: int, seed: int) -> tuple[Floats, Floats]:
    """Arrivals and completions of the same drawn weeks; shape (weeks, runs) each."""
    drawn = moving_blocks(len(queue.arrivals), runs, weeks, seed).T
    came, done = np.take(queue.arrivals, drawn), np.take(queue.completions, drawn)
    if queue.stray:
        apart = np.random.default_rng([seed, 1]).normal(0, queue.stray, runs)
        done = np.maximum(done + apart, 0)
    return came, done


def _changed(drawn: tuple[Floats, Floats], scenario: Scenario) -> tuple[Floats, Floats]:
    """The drawn weeks as the scenario's changes leave them, in their order; never below nought."""
    changed = {"arrivals": drawn[0], "completions": drawn[1]}
    for change in scenario.changes:
        weekly = changed[change.acts_on].copy()
        touched = slice(change.from_week, change.until_week)
        weekly[touched] = np.maximum(weekly[touched] * change.multiply + change.add, 0)
        changed[change.acts_on] = weekly
    return changed["arrivals"], changed["completions"]


def _forecast(
    cases: Cases, drawn: tuple[Floats, Floats], scenario: Scenario, order: Order, goal: int
) -> Forecast:
    came, capacity = _changed(drawn, scenario)
    flow = queue_weeks.work(cases, came, capacity, order)
    is_clear = flow.overdue < goal + HALF_A_CASE
    first = clear_week(flow.overdue, goal)
    finished, late = _by_month(flow.finished), _by_month(flow.late)
    on_time = 100 * np.divide(
        finished - late, finished, where=finished > 0, out=np.full(finished.shape, np.nan)
    )
    return Forecast(
        scenario=scenario,
        order=order,
        overdue=quantiles(flow.overdue, axis=-1),
        open_cases=quantiles(flow.open_cases, axis=-1),
        on_time_pct=quantiles(on_time, axis=-1),
        finished=quantiles(finished, axis=-1),
        late_completions=quantiles(late, axis=-1),
        clear_week=first,
        goal_share=np.asarray(is_clear.mean(axis=1)),
        back_share=float(np.mean(np.isfinite(first) & ~is_clear[-1])),
    )


def _by_month(weekly: Floats) -> Floats:
    """Sums over periods of four weeks; a last period that is not whole is left out."""
    months = len(weekly) // MONTH_WEEKS
    whole = weekly[: months * MONTH_WEEKS].reshape(months, MONTH_WEEKS, weekly.shape[1])
    return np.asarray(whole.sum(axis=1))
