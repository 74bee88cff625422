"""What follows a request that is agreed to, or refused and overturned: a plan, or none, or not yet.

The bands of the 20-week clock bind by year of issue, including and excluding excepted cases. Plans
that follow an appeal make up what new plans exceed the clock's base by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.draw import (
    Days,
    Flags,
    Places,
    Texts,
    between,
    census_day,
    day_of,
    flags,
    no_days,
    pick,
    spread,
    working_day,
)
from pipelines.synthetic.margins import Margins, Timeliness
from pipelines.synthetic.requests import Asked
from pipelines.synthetic.turns import ISSUE_LIMIT_DAYS, Waiting, in_turn, queue_day, with_team

# The last working days of a year and the days before the census see no plan issued.
LAST_ISSUE = (12, 19)
EXPORTED_SHARE = 0.25
# Days since the request within which a plan over 20 weeks, or over a year, is issued. Weekends are
# avoided by going back up to two days.
LATE_DAYS = (143, 358)
OVER_YEAR_DAYS = (374, 520)
# How much rather a plan is issued in time for which there is no late day left in the last year.
IN_TIME_AT_LAST = 20.0
# Part of the plans within a year that are issued out of turn.
OUT_OF_TURN = 0.1
APPEAL_DAYS = 60


Span = tuple[np.datetime64, np.datetime64]


@dataclass
class Assessed:
    """One place for each request. Days that are not (yet) known are NaT.

    Attributes:
        ended: day of the outcome.
        outcome: 'Y' issued, 'N' refused, 'W' withdrawn or moved away, '' none yet.
        agreed_to_issue: day from which a plan is decided on, before it is issued.
        appealed: day from which a refused request shows mediation or a tribunal.
        is_mediation, is_tribunal: which of the two.
        is_excepted: an exception to the 20 weeks applies.
        exported_to: authority to which the child moved, '' none.
    """

    ended: Days
    outcome: Texts
    agreed_to_issue: Days
    appealed: Days
    is_mediation: Flags
    is_tribunal: Flags
    is_excepted: Flags
    exported_to: Texts


@dataclass(frozen=True)
class Work:
    """What is issued in a year, or another span of days.

    Attributes:
        left: overdue cases that it leaves behind; None for a span of which that is not told.
        queue: overdue cases at the end of September, where a team then clears them.
    """

    wanted: Timeliness
    span: Span
    left: int | None = None
    queue: int | None = None


def assessed(
    rng: np.random.Generator, margins: Margins, requests: Asked, neighbours: tuple[str, ...]
) -> Assessed:
    """Outcomes of every request up to the end of the January after the last year."""
    count = len(requests)
    found = Assessed(
        ended=no_days(count),
        outcome=np.full(count, "", dtype="U1"),
        agreed_to_issue=no_days(count),
        appealed=no_days(count),
        is_mediation=np.zeros(count, dtype=np.bool_),
        is_tribunal=np.zeros(count, dtype=np.bool_),
        is_excepted=np.zeros(count, dtype=np.bool_),
        exported_to=np.full(count, "", dtype="U3"),
    )
    years = sorted(margins.years)
    for year in years:
        wanted = margins.years[year]
        span = (census_day(year) + 4, day_of(year, *LAST_ISSUE))
        _refuse(rng, requests, found, wanted.not_issued, span)
        queue = margins.overdue.in_autumn if year == years[-1] else None
        work = Work(wanted.timeliness, span, margins.overdue.left[year], queue)
        _issue_year(rng, requests, found, work, neighbours)
        _overturn(rng, requests, found, wanted.new_plans.all - wanted.timeliness.all, span)
    last = years[-1]
    month = Timeliness(**_twelfth(margins.years[last].timeliness))
    span = (census_day(last + 1) + 4, day_of(last + 1, 1, 30))
    _issue_year(rng, requests, found, Work(month, span), neighbours)
    issued = found.outcome == "Y"
    lead = rng.integers(10, 36, count).astype("timedelta64[D]")
    found.agreed_to_issue[issued] = (found.ended - lead)[issued]
    _decide_some_open(rng, requests, found, day_of(last + 1, 1, 31))
    return found


def _twelfth(year: Timeliness) -> dict[str, int]:
    """One month's issues."""
    return {name: number // 12 for name, number in year.model_dump().items()}


def _year_end(span: Span) -> np.datetime64:
    end: np.datetime64 = (span[1].astype("datetime64[Y]") + 1).astype("datetime64[D]") - 1
    return end


def _pending(requests: Asked, found: Assessed, span: Span) -> Flags:
    pending: Flags = (requests.decision == "Y") & (found.outcome == "")
    return pending & (requests.decided + 21 <= span[1])


def _issue_year(
    rng: np.random.Generator,
    requests: Asked,
    found: Assessed,
    work: Work,
    neighbours: tuple[str, ...],
) -> None:
    """Some wait over a year, some are in time, some go away, the rest is taken mostly in turn."""
    wanted, span, received = work.wanted, work.span, requests.received
    long = _pending(requests, found, span) & (received + OVER_YEAR_DAYS[0] <= span[1])
    over = pick(rng, long, wanted.over_year)
    found.outcome[over] = "Y"
    within = _in_time(rng, requests, found, work)
    slow = received + LATE_DAYS[0] <= span[1]
    if work.left is not None:
        _withdraw(rng, requests, found, work, slow, neighbours)
    slow &= _pending(requests, found, span) & (received + LATE_DAYS[1] > span[0])
    middle = _oldest(slow, round(wanted.middle * (1 - OUT_OF_TURN)))
    rest = slow & ~flags(len(slow), middle)
    middle = np.union1d(middle, pick(rng, rest, wanted.middle - len(middle)))
    found.outcome[middle] = "Y"
    excepted = (
        (within, wanted.within - wanted.within_ex),
        (middle, wanted.middle - wanted.middle_ex),
        (over, wanted.over_year - wanted.over_year_ex),
    )
    for places, number in excepted:
        found.is_excepted[pick(rng, places, number)] = True
    _issue_late(rng, requests, found, work, (over, middle))


def _overdue(requests: Asked, found: Assessed, on: np.datetime64) -> int:
    """Cases overdue on a day among those that are not to be issued in the year."""
    ends_later = (found.outcome == "") | (np.isin(found.outcome, ["N", "W"]) & (found.ended > on))
    agreed = (requests.decision == "Y") & (requests.decided <= on)
    return int((agreed & ends_later & (requests.received + ISSUE_LIMIT_DAYS < on)).sum())


def _oldest(among: Flags, count: int) -> Places:
    """The first ones: requests stand in the order in which they came in."""
    return np.flatnonzero(among)[: max(count, 0)]


def _in_time(rng: np.random.Generator, requests: Asked, found: Assessed, work: Work) -> Places:
    """Plans issued within 20 weeks; once the queue is cleared, more than before."""
    received, span = requests.received, work.span
    first = np.maximum(np.maximum(received + 80, requests.decided + 21), span[0])
    last = np.minimum(received + ISSUE_LIMIT_DAYS, span[1])
    quick = _pending(requests, found, span) & ((last - first).astype(np.int64) >= 3)
    weights = None
    if work.queue is not None:
        too_late_for_late = (received + LATE_DAYS[0] > span[1]) & (received <= span[1] - 110)
        weights = np.where(too_late_for_late, IN_TIME_AT_LAST, 1.0)
    places = pick(rng, quick, work.wanted.within, weights)
    issued = between(rng, first[places], last[places], 1.25)
    found.ended[places] = np.maximum(working_day(issued), span[0])
    found.outcome[places] = "Y"
    return places


def _issue_late(
    rng: np.random.Generator,
    requests: Asked,
    found: Assessed,
    work: Work,
    kinds: tuple[Places, Places],
) -> None:
    """Days for those over a year and those after 20 weeks, from one row of working days."""
    places = np.concatenate(kinds)
    received = requests.received[places]
    is_over = np.arange(len(places)) < len(kinds[0])
    limits = np.where(is_over[:, None], OVER_YEAR_DAYS, LATE_DAYS)
    first = np.maximum(received + limits[:, 0], requests.decided[places] + 21)
    first = np.maximum(first, work.span[0])
    waiting = Waiting(
        received=received,
        first=first,
        last=np.maximum(np.minimum(received + limits[:, 1], work.span[1]), first),
        is_counted=~found.is_excepted[places],
    )
    if work.queue is None:
        issued = in_turn(rng, waiting, work.span)
    else:
        on = queue_day(work.span[0])
        issued = with_team(rng, waiting, work.span, work.queue - _overdue(requests, found, on))
    found.ended[places] = np.maximum(working_day(issued), work.span[0])


def _overturn(
    rng: np.random.Generator, requests: Asked, found: Assessed, count: int, span: Span
) -> None:
    """Plans after a refusal to assess that mediation or the tribunal overturned."""
    ripe = (
        (requests.decision == "N")
        & (found.outcome == "")
        & (requests.decided + 170 <= span[1])
        & (requests.decided + 420 >= span[0])
    )
    places = pick(rng, ripe, count)
    number = len(places)
    found.appealed[places] = requests.decided[places] + rng.integers(20, APPEAL_DAYS, number)
    by_tribunal = rng.random(number) < 0.7
    found.is_tribunal[places] = by_tribunal
    found.is_mediation[places] = ~by_tribunal
    first = np.maximum(requests.decided[places] + 150, span[0])
    last = np.full(number, span[1])
    found.ended[places] = np.maximum(working_day(between(rng, first, last)), span[0])
    found.outcome[places] = "Y"


def _refuse(
    rng: np.random.Generator, requests: Asked, found: Assessed, count: int, span: Span
) -> None:
    """Assessments after which no plan is issued; few of them in 16 weeks."""
    early = _pending(requests, found, span) & (requests.received + 130 <= span[1])
    places = pick(rng, early, count)
    first = np.maximum(requests.received[places] + 100, span[0])
    last = np.minimum(first + 60, span[1])
    found.ended[places] = np.maximum(working_day(between(rng, first, last)), span[0])
    found.outcome[places] = "N"


def _withdraw(
    rng: np.random.Generator,
    requests: Asked,
    found: Assessed,
    work: Work,
    slow: Flags,
    neighbours: tuple[str, ...],
) -> None:
    """Assessments that end because the child moves away or the request is taken back.

    So many that at the end of the year as many are overdue as the margins say; nobody publishes how
    many there are. slow: those that can still be issued after 20 weeks.
    """
    received, span = requests.received, work.span
    old = _pending(requests, found, span) & (received + ISSUE_LIMIT_DAYS <= _year_end(span))
    number = int(old.sum()) - work.wanted.middle - (work.left or 0)
    # Those for whom no late day is left in the year go first, then who is not overdue already.
    weights = np.where(slow, np.where(received + 130 < span[0], 0.3, 1.0), 1e3)
    places = pick(rng, old, number, weights)
    first = np.maximum(requests.decided[places] + 14, span[0])
    last = np.maximum(np.minimum(received[places] + 130, span[1]), first)
    found.ended[places] = between(rng, first, last)
    found.outcome[places] = "W"
    moved = pick(rng, places, round(EXPORTED_SHARE * len(places)))
    found.exported_to[moved] = spread(rng, dict.fromkeys(neighbours, 1), len(moved))


def _decide_some_open(
    rng: np.random.Generator, requests: Asked, found: Assessed, end: np.datetime64
) -> None:
    """Of the oldest open cases, some have a plan that is decided on and not issued."""
    open_ = (requests.decision == "Y") & (found.outcome == "") & (requests.received + 150 <= end)
    places = pick(rng, open_, round(0.1 * int(open_.sum())))
    found.agreed_to_issue[places] = end - rng.integers(1, 40, len(places)).astype("timedelta64[D]")
