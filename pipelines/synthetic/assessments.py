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

# The last working days of a year and the days before the census see no plan issued.
LAST_ISSUE = (12, 19)
WITHDRAWN_SHARE = 0.025
EXPORTED_SHARE = 0.4
# Part of the plans within a year that are issued out of turn.
OUT_OF_TURN = 0.1
APPEAL_DAYS = 60


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
        _issue_year(rng, requests, found, wanted.timeliness, span)
        _overturn(rng, requests, found, wanted.new_plans.all - wanted.timeliness.all, span)
        _refuse(rng, requests, found, wanted.not_issued, span)
        _withdraw(rng, requests, found, span, neighbours)
    last = years[-1]
    month = Timeliness(**_twelfth(margins.years[last].timeliness))
    span = (census_day(last + 1) + 4, day_of(last + 1, 1, 30))
    _issue_year(rng, requests, found, month, span)
    issued = found.outcome == "Y"
    lead = rng.integers(10, 36, count).astype("timedelta64[D]")
    found.agreed_to_issue[issued] = (found.ended - lead)[issued]
    _decide_some_open(rng, requests, found, day_of(last + 1, 1, 31))
    return found


def _twelfth(year: Timeliness) -> dict[str, int]:
    """One month's issues."""
    return {name: number // 12 for name, number in year.model_dump().items()}


Span = tuple[np.datetime64, np.datetime64]


def _pending(requests: Asked, found: Assessed, span: Span) -> Flags:
    pending: Flags = (requests.decision == "Y") & (found.outcome == "")
    return pending & (requests.decided + 21 <= span[1])


def _issue_year(
    rng: np.random.Generator, requests: Asked, found: Assessed, wanted: Timeliness, span: Span
) -> None:
    """The oldest wait over a year, some are in time, the rest is taken mostly in turn."""
    received, decided = requests.received, requests.decided
    over = _oldest(_pending(requests, found, span) & (received + 374 <= span[1]), wanted.over_year)
    _issue(rng, requests, found, over, span, (374, 520))
    room = np.minimum(received + 140, span[1]) - np.maximum(
        np.maximum(received + 80, decided + 21), span[0]
    )
    quick = _pending(requests, found, span) & (room.astype(np.int64) >= 3)
    within = pick(rng, quick, wanted.within)
    _issue(rng, requests, found, within, span, (80, 140))
    room = np.minimum(received + 358, span[1]) - np.maximum(received + 146, span[0])
    slow = _pending(requests, found, span) & (room.astype(np.int64) >= 3)
    in_turn = _oldest(slow, round(wanted.middle * (1 - OUT_OF_TURN)))
    rest = slow & ~flags(len(slow), in_turn)
    middle = np.union1d(in_turn, pick(rng, rest, wanted.middle - len(in_turn)))
    _issue(rng, requests, found, middle, span, (146, 358))
    excepted = (
        (within, wanted.within - wanted.within_ex),
        (middle, wanted.middle - wanted.middle_ex),
        (over, wanted.over_year - wanted.over_year_ex),
    )
    for places, number in excepted:
        found.is_excepted[pick(rng, places, number)] = True


def _oldest(among: Flags, count: int) -> Places:
    """The first ones: requests stand in the order in which they came in."""
    return np.flatnonzero(among)[: max(count, 0)]


def _issue(
    rng: np.random.Generator,
    requests: Asked,
    found: Assessed,
    places: Places,
    span: Span,
    waited: tuple[int, int],
) -> None:
    """A plan for each place, so many days after the request, within the span."""
    received = requests.received[places]
    first = np.maximum(np.maximum(received + waited[0], requests.decided[places] + 21), span[0])
    last = np.maximum(np.minimum(received + waited[1], span[1]), first)
    issued = between(rng, first, last, 1.25)
    found.ended[places] = np.maximum(working_day(issued), span[0])
    found.outcome[places] = "Y"


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
    span: Span,
    neighbours: tuple[str, ...],
) -> None:
    """Assessments that end because the child moves away or the request is taken back."""
    waiting = _pending(requests, found, span) & (requests.received + 90 <= span[1])
    places = pick(rng, waiting, round(WITHDRAWN_SHARE * int(waiting.sum())))
    first = np.maximum(requests.decided[places] + 14, span[0])
    found.ended[places] = between(rng, first, np.maximum(first, np.full(len(places), span[1])))
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
