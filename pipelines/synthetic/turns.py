"""On which day a plan is issued: days of work, taken mostly in turn.

In the last year the queue is as long at the end of September as the margins say; the team that
began in that month clears it by the end of the year.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.draw import Days, Flags, Places, day_of, flags, working_day

# How many plans are issued in each month, as weights; August and December are short.
USUAL_MONTHS = (0.5, 1.0, 1.05, 0.9, 1.0, 1.05, 1.1, 0.75, 1.0, 1.1, 1.15, 0.6)
# The team begins in September, is complete in October, and has less to do from month to month.
TEAM_MONTHS = (0.5, 1.0, 1.05, 0.9, 1.0, 1.0, 1.0, 0.6, 1.6, 1.3, 1.2, 0.8)
ISSUE_LIMIT_DAYS = 140
QUEUE_DAY = (9, 30)
# A case that has to be issued within these days of that one counts as issued before it.
NEARLY_DUE_DAYS = 15


@dataclass(frozen=True)
class Waiting:
    """Cases to be issued, one place each: since when they wait, and from when to when they may be.

    Attributes:
        is_counted: they count as overdue while they wait over 20 weeks.
    """

    received: Days
    first: Days
    last: Days
    is_counted: Flags

    def at(self, chosen: Flags | Places) -> Waiting:
        """Some of them."""
        return Waiting(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def queue_day(first: np.datetime64) -> np.datetime64:
    """The end of September of the year of a day."""
    return day_of(int(first.astype("datetime64[Y]").astype(np.int64)) + 1970, *QUEUE_DAY)


def in_turn(
    rng: np.random.Generator,
    waiting: Waiting,
    span: tuple[np.datetime64, np.datetime64],
    months: tuple[float, ...] = USUAL_MONTHS,
) -> Days:
    """A day within its own limits for each case; who must be done soonest comes first."""
    slots = _slots(rng, len(waiting.received), span, months)
    first = waiting.first.astype(np.int64)
    last = waiting.last.astype(np.int64)
    issued = np.maximum(first, np.minimum(last, int(span[1].astype(np.int64))))
    ready: list[tuple[int, int]] = []
    coming = iter(np.argsort(first, kind="stable").tolist())
    following = next(coming, None)
    for slot in slots.tolist():
        while following is not None and first[following] <= slot:
            heapq.heappush(ready, (int(last[following]), following))
            following = next(coming, None)
        if ready:
            latest, place = heapq.heappop(ready)
            issued[place] = min(slot, latest)
    return issued.astype("datetime64[D]")


def _slots(
    rng: np.random.Generator,
    count: int,
    span: tuple[np.datetime64, np.datetime64],
    months: tuple[float, ...],
) -> Places:
    """As many working days, in order, in the proportions of the months."""
    days = np.arange(span[0], span[1] + 1)
    days = days[working_day(days) == days]
    weights = np.array(months)[days.astype("datetime64[M]").astype(np.int64) % 12]
    drawn = rng.choice(days.astype(np.int64), size=count, p=weights / weights.sum())
    return np.sort(drawn)


def with_team(
    rng: np.random.Generator,
    waiting: Waiting,
    span: tuple[np.datetime64, np.datetime64],
    queue: int,
) -> Days:
    """As in_turn, so that of those counted `queue` are overdue on the day of the queue."""
    on = queue_day(span[0])
    later = _left_waiting(waiting, on, queue)
    issued = np.empty(len(later), dtype="datetime64[D]")
    for part, days in ((~later, (span[0], on)), (later, (on + 1, span[1]))):
        issued[part] = in_turn(rng, waiting.at(part), days, TEAM_MONTHS)
    return issued


def _left_waiting(waiting: Waiting, on: np.datetime64, queue: int) -> Flags:
    """Who is issued after the day: who cannot be before, and of the others those done last."""
    must = waiting.first > on
    overdue = waiting.is_counted & (waiting.received + ISSUE_LIMIT_DAYS < on)
    free = np.flatnonzero(~must & (waiting.last > on + NEARLY_DUE_DAYS))
    free = free[np.argsort(-waiting.last[free].astype(np.int64), kind="stable")]
    wanted = queue - int((must & overdue).sum())
    reached = np.searchsorted(np.cumsum(overdue[free]), max(wanted, 0))
    chosen = free[: reached + 1] if wanted > 0 else free[:0]
    found: Flags = must | flags(len(must), chosen)
    return found
