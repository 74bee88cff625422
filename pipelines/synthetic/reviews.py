"""Annual reviews: meeting, decision and outcome of each plan in each year.

At the census of 2025 the counts are those published; the other years follow in proportion.
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
    working_day,
)
from pipelines.synthetic.margins import Margins, Reviews
from pipelines.synthetic.plans import Plans

IN_TIME_DAYS = 28
# Plans of before that had a review before the first year.
REVIEWED_BEFORE_SHARE = 0.75
# A meeting later than this cannot be decided on late within the same year.
LAST_FOR_LATE = (10, 31)


@dataclass(frozen=True)
class ReviewRound:
    """The reviews of one calendar year, one place for each plan; NaT or '' where none."""

    meeting: Days
    decision: Days
    outcome: Texts


@dataclass(frozen=True)
class ReviewState:
    """The latest review of each plan on a day."""

    meeting: Days
    decision: Days
    outcome: Texts
    draft: Days


def reviews(rng: np.random.Generator, margins: Margins, plans: Plans) -> tuple[ReviewRound, ...]:
    """One round for the time before, then one for each year."""
    years = sorted(margins.years)
    rounds = [_before(rng, plans, years[0])]
    for year in years:
        rounds.append(_year(rng, margins.reviews, plans, rounds, year))
    return tuple(rounds)


def state(rounds: tuple[ReviewRound, ...], on: np.datetime64) -> ReviewState:
    """What a return on that day says of each plan's latest review."""
    count = len(rounds[0].meeting)
    meeting, decision = no_days(count), no_days(count)
    outcome = np.full(count, "", dtype="U1")
    for item in rounds:
        held = item.meeting <= on
        decided = held & (item.decision <= on)
        meeting = np.where(held, item.meeting, meeting)
        decision = np.where(held, np.where(decided, item.decision, no_days(count)), decision)
        outcome = np.where(held, np.where(decided, item.outcome, ""), outcome)
    return ReviewState(
        meeting, decision, outcome, np.where(outcome == "A", decision, no_days(count))
    )


def _blank(plans: Plans) -> ReviewRound:
    count = len(plans)
    return ReviewRound(no_days(count), no_days(count), np.full(count, "", dtype="U1"))


def _before(rng: np.random.Generator, plans: Plans, year: int) -> ReviewRound:
    """Reviews before the first year, of plans that were then two years old."""
    found = _blank(plans)
    old = plans.start < day_of(year - 2, 1, 1)
    places = pick(rng, old, round(REVIEWED_BEFORE_SHARE * int(old.sum())))
    count = len(places)
    first = np.full(count, day_of(year - 1, 1, 20))
    meeting = working_day(between(rng, first, np.full(count, day_of(year - 1, 9, 30))))
    found.meeting[places] = meeting
    found.decision[places] = meeting + rng.integers(10, 90, count)
    found.outcome[places] = np.where(rng.random(count) < 0.6, "A", "M")
    return found


def _year(
    rng: np.random.Generator,
    published: Reviews,
    plans: Plans,
    rounds: list[ReviewRound],
    year: int,
) -> ReviewRound:
    """Who is reviewed in the year; who is not has an earlier review, or none at all."""
    census = census_day(year + 1)
    expected = plans.in_place(census) & (plans.start < day_of(year, 1, 1))
    total = int(expected.sum())
    earlier = state(tuple(rounds), census)
    has_earlier = ~np.isnat(earlier.meeting)

    def part(count: int) -> int:
        return round(total * count / published.expected)

    skipped = flags(
        len(plans), pick(rng, expected & has_earlier, part(published.meetings_before_year))
    )
    never = flags(
        len(plans),
        pick(rng, expected & ~has_earlier, part(published.expected - published.meetings)),
    )
    meetings = np.flatnonzero(expected & ~skipped & ~never)
    waited = (earlier.decision - earlier.meeting).astype(np.int64)
    decided = skipped & ~np.isnat(earlier.decision)
    in_time = part(published.in_four_weeks) - int((decided & (waited <= IN_TIME_DAYS)).sum())
    late = part(published.over_four_weeks) - int((decided & (waited > IN_TIME_DAYS)).sum())
    found = _meet(rng, plans, meetings, (max(in_time, 0), max(late, 0)), year)
    _outcomes(rng, published, plans, found, meetings, year)
    return found


def _meet(
    rng: np.random.Generator,
    plans: Plans,
    places: Places,
    wanted: tuple[int, int],
    year: int,
) -> ReviewRound:
    """Meetings of the year, so many decided on in time and late, the latest not yet."""
    found = _blank(plans)
    in_time, late = wanted
    count = len(places)
    last_day = day_of(year, 12, 18)
    meeting = np.sort(
        working_day(between(rng, np.full(count, census_day(year) + 6), np.full(count, last_day)))
    )
    found.meeting[places] = rng.permutation(meeting)
    order = places[np.argsort(found.meeting[places], kind="stable")]
    decided = order[: min(count, in_time + late)]
    can_be_late: Flags = found.meeting[decided] <= day_of(year, *LAST_FOR_LATE)
    slow = pick(rng, decided[can_be_late], late)
    quick = np.setdiff1d(decided, slow)
    found.decision[quick] = found.meeting[quick] + rng.integers(3, IN_TIME_DAYS + 1, len(quick))
    # Late ones are decided on by the end of the year, so that they count in it.
    first = found.meeting[slow] + IN_TIME_DAYS + 2
    last = np.minimum(first + 80, np.full(len(slow), day_of(year, 12, 31)))
    found.decision[slow] = between(rng, first, np.maximum(last, first), 1.5)
    rest = np.setdiff1d(order, decided)
    after = np.full(len(rest), census_day(year + 1) + 12)
    found.decision[rest] = np.maximum(found.meeting[rest] + 40, after)
    return found


def _outcomes(
    rng: np.random.Generator,
    published: Reviews,
    plans: Plans,
    found: ReviewRound,
    places: Places,
    year: int,
) -> None:
    """Amend or maintain; cease where the plan does end in the next year."""
    amend = published.amend / published.meetings
    found.outcome[places] = np.where(rng.random(len(places)) < amend, "A", "M")
    ends = places[(found.decision[places] >= day_of(year, 11, 1))]
    ends = ends[plans.ceased[ends] <= day_of(year + 1, 9, 1)]
    found.outcome[pick(rng, ends, published.cease)] = "C"
