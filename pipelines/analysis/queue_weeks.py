"""The weeks of a queue: who is ready, who is overdue, who is finished, for all runs at once.

Arrays have shape (weeks, runs). A case that arrives in a week is taken to have come in the middle
of it, so it is half a week old at its end and overdue twenty weeks later. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.ranges import Floats

DUE_WEEKS = 20

# Advice must be given within 6 weeks of the decision to assess, which may itself take 6: hardly
# any assessment ends before the twelfth week. Councils' own histories may say otherwise.
READY_WEEKS = 12

Order = Literal["oldest first", "newest first"]


@dataclass(frozen=True)
class Cases:
    """The cases that are open at the start, by the week in which they become ready and overdue.

    Args:
        ready: shape (weeks + 1, bands), cases that become ready in each week (0: at the start, and
            all that are not yet overdue then), by the weeks from then until they are overdue.
        overdue: cases that are overdue at the start.
        ready_by: shape (weeks + 1,), open cases that are ready or overdue by the end of each week.
        overdue_by: the same for open cases that are overdue.
        lag: whole weeks until a case that arrives is ready.
    """

    ready: Floats
    overdue: int
    ready_by: Floats
    overdue_by: Floats
    lag: int
    count: int

    @classmethod
    def of(cls, age_weeks: ArrayLike, weeks: int, ready_weeks: float = READY_WEEKS) -> Cases:
        """Count the open cases: age_weeks has one entry a case."""
        ages = np.asarray(age_weeks, np.float64)
        ready_week = np.maximum(np.ceil(ready_weeks - ages), 0).astype(int)
        due_week = np.maximum(np.floor(DUE_WEEKS - ages) + 1, 0).astype(int)
        lag = int(np.ceil(ready_weeks - 0.5))
        bands = max(DUE_WEEKS - lag, int(np.max(due_week - ready_week, initial=0))) + 1
        young = due_week > 0
        ready = np.zeros((weeks + 1, bands))
        within = young & (ready_week <= weeks)
        np.add.at(ready, (ready_week[within], (due_week - ready_week)[within]), 1)
        return cls(
            ready=ready,
            overdue=int(np.count_nonzero(~young)),
            ready_by=_count_by(ready_week, weeks),
            overdue_by=_count_by(due_week, weeks),
            lag=lag,
            count=len(ages),
        )


@dataclass(frozen=True)
class Flow:
    """What happens each week; shape (weeks, runs) each, late being part of finished."""

    finished: Floats
    late: Floats
    overdue: Floats
    open_cases: Floats


def work(cases: Cases, came: Floats, capacity: Floats, order: Order) -> Flow:
    """Finish cases week by week: as many as there is capacity for, and no more than are ready."""
    if order == "oldest first":
        return _oldest_first(cases, came, capacity)
    return _newest_first(cases, came, capacity)


def _oldest_first(cases: Cases, came: Floats, capacity: Floats) -> Flow:
    """Whoever asked first is finished first: cumulative counts say all there is to know."""
    ready_by = cases.ready_by[1:, np.newaxis] + _delayed(came, cases.lag)
    overdue_by = cases.overdue_by[1:, np.newaxis] + _delayed(came, DUE_WEEKS)
    finished_by = np.empty_like(came)
    before = np.zeros(came.shape[1])
    for week in range(len(came)):
        before = np.minimum(before + capacity[week], ready_by[week])
        finished_by[week] = before
    finished = np.diff(finished_by, axis=0, prepend=0)
    waiting_late = np.maximum(overdue_by - (finished_by - finished), 0)
    return Flow(
        finished=finished,
        late=np.minimum(finished, waiting_late),
        overdue=np.maximum(overdue_by - finished_by, 0),
        open_cases=cases.count + np.cumsum(came, axis=0) - finished_by,
    )


def _newest_first(cases: Cases, came: Floats, capacity: Floats) -> Flow:
    """The youngest case that is ready is finished first, and overdue ones with what is left."""
    weeks, runs = came.shape
    waiting = np.zeros((cases.ready.shape[1], runs)) + cases.ready[0][:, np.newaxis]
    overdue = np.full(runs, float(cases.overdue))
    flow = Flow(*(np.empty_like(came) for _ in range(4)))
    open_cases = np.full(runs, float(cases.count))
    for week in range(weeks):
        waiting[:-1] = waiting[1:]
        waiting[-1] = 0
        waiting += cases.ready[week + 1][:, np.newaxis]
        if week >= cases.lag:
            waiting[DUE_WEEKS - cases.lag] += came[week - cases.lag]
        overdue += waiting[0]
        waiting[0] = 0
        left = _serve(waiting, capacity[week])
        flow.late[week] = np.minimum(left, overdue)
        overdue = overdue - flow.late[week]
        flow.finished[week] = capacity[week] - left + flow.late[week]
        open_cases = open_cases + came[week] - flow.finished[week]
        flow.overdue[week], flow.open_cases[week] = overdue, open_cases
    return flow


def _serve(waiting: Floats, capacity: Floats) -> Floats:
    """Take cases out of the bands, those with the longest time left first; what capacity is left.

    waiting is changed in place.
    """
    left = capacity.copy()
    for band in waiting[:0:-1]:
        served = np.minimum(band, left)
        band -= served
        left -= served
    return left


def _count_by(weeks_of_cases: np.ndarray, weeks: int) -> Floats:
    counts = np.bincount(weeks_of_cases[weeks_of_cases <= weeks], minlength=weeks + 1)
    return np.cumsum(counts).astype(np.float64)


def _delayed(came: Floats, lag: int) -> Floats:
    """Cumulative arrivals as they stood lag weeks before."""
    total = np.zeros_like(came)
    if lag < len(came):
        np.cumsum(came[: len(came) - lag], axis=0, out=total[lag:])
    return total
