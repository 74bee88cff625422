"""Plans in place: those of before, those issued, those that moved in; and how they end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.assessments import Assessed
from pipelines.synthetic.draw import (
    Days,
    Flags,
    Places,
    Texts,
    ages,
    between,
    census_day,
    day_of,
    flags,
    no_days,
    pick,
    spread,
    working_day,
    years_of,
)
from pipelines.synthetic.margins import Margins
from pipelines.synthetic.requests import Asked

LEAVING_DAYS = ((7, 22), (8, 31), (8, 31), (8, 31))
SUMMER_SHARE = 0.6
SECOND_REQUEST_SHARE = 0.05
# Of 321 plans that moved in during 2024, 94 must have begun in that year, so that 7,131 reviews are
# expected, as published.
MOVED_IN_NEW_SHARE = 94 / 321
DOWN_SYNDROME_SHARE = 0.05
SECOND_NEED_SHARE = 0.35
OLDEST = 24
# Reasons for ceasing, in the order in which they are dealt out: youngest age at the end of August
# of the year, and how strongly older ones are preferred.
REASONS = {"1": (20, 9.0), "6": (17, 4.0), "3": (18, 0.0), "4": (17, 1.0)}
OTHER_REASONS = ("2", "5", "7", "8")


@dataclass
class Plans:
    """Plans, one place each. Days that are not (yet) known are NaT.

    Attributes:
        person: place of the child. request: place of the request, -1 for plans of before and
            those that moved in.
        start: day of the plan. came, came_from: day and authority, for those that moved in.
        ceased, reason: how it ended.
        need, second_need: SENtype; DS from 2025, MLD before. '' no second need.
        lot: a random number that decides, always alike, who has what few have.
    """

    person: Places
    request: Places
    start: Days
    came: Days
    came_from: Texts
    ceased: Days
    reason: Texts
    need: Texts
    second_need: Texts
    lot: np.ndarray[tuple[int], np.dtype[np.float64]]

    def __len__(self) -> int:
        return len(self.person)

    def in_place(self, on: np.datetime64) -> Flags:
        """Which are in place on a day, the day of ceasing included."""
        begun = (self.start <= on) & ~(self.came > on)
        return begun & ~(self.ceased < on)


@dataclass(frozen=True)
class Cases:
    """Plans, the birth dates of all children, and the child of each request."""

    plans: Plans
    birth: Days
    person_of_request: Places


def cases(
    rng: np.random.Generator,
    margins: Margins,
    requests: Asked,
    assessed: Assessed,
    neighbours: tuple[str, ...],
) -> Cases:
    """All plans up to the end of the January after the last year.

    Children stand in the order: one for each request, then plans of before, then those moved in.
    """
    years = sorted(margins.years)
    birth = _births_of_requests(rng, margins, requests, assessed)
    person = _second_requests(rng, requests, assessed)
    issued = np.flatnonzero(assessed.outcome == "Y")
    before, birth_before = _plans_before(rng, margins, years[0])
    moved, came, birth_moved = _moved_in(rng, margins, years)
    start = np.concatenate([assessed.ended[issued], before, moved])
    count = len(start)
    new, old = len(issued), len(before)
    first = len(requests)
    plans = Plans(
        person=np.concatenate([person[issued], first + np.arange(count - new)]),
        request=np.concatenate([issued, np.full(count - new, -1)]),
        start=start,
        came=np.concatenate([no_days(new + old), came]),
        came_from=np.concatenate(
            [
                np.full(new + old, "", dtype="U3"),
                spread(rng, dict.fromkeys(neighbours, 1), len(came)),
            ]
        ),
        ceased=no_days(count),
        reason=np.full(count, "", dtype="U1"),
        need=_needs(rng, margins, new, count - new),
        second_need=np.full(count, "", dtype="U4"),
        lot=rng.random(count),
    )
    plans.second_need = _second_needs(rng, plans.need)
    births = np.concatenate([birth, birth_before, birth_moved])
    for year in years:
        _cease(rng, plans, births, margins, year)
    _cease_in_january(rng, plans, years[-1] + 1, margins.ceased(years[-1]) // 24)
    return Cases(plans=plans, birth=births, person_of_request=person)


def _births_of_requests(
    rng: np.random.Generator, margins: Margins, requests: Asked, assessed: Assessed
) -> Days:
    """Birth dates: by age at the request, or at the start of the plan where one follows."""
    issued = assessed.outcome == "Y"
    count = len(requests)
    age = spread(rng, margins.weights.age_of_requests, count)
    age[issued] = spread(rng, margins.weights.age_of_new_plans, int(issued.sum()))
    on = np.where(issued, assessed.ended, requests.received)
    return _birth(rng, age, on)


def _birth(rng: np.random.Generator, age: Places, on: Days) -> Days:
    """A birth date at which somebody is so old on the day."""
    months = on.astype("datetime64[M]") - 12 * age.astype(np.int64)
    # No month is shorter than 28 days.
    past = np.minimum((on - on.astype("datetime64[M]")).astype(np.int64), 27)
    birthday = months.astype("datetime64[D]") + past
    born: Days = birthday - rng.integers(0, 364, len(age)).astype("timedelta64[D]")
    return born


def _second_requests(rng: np.random.Generator, requests: Asked, assessed: Assessed) -> Places:
    """The child of each request: some were refused the year before and ask again."""
    person = np.arange(len(requests))
    years = years_of(requests.received)
    refused = (requests.decision == "N") & (assessed.outcome == "")
    # A child asks twice at most.
    used = np.zeros(len(requests), dtype=np.bool_)
    for year in map(int, np.unique(years)[1:]):
        # Refused the year before and asking again, or refused in spring and asking again in autumn.
        spring = (requests.decided >= day_of(year, 1, 1)) & (requests.decided < day_of(year, 6, 1))
        last_year = years_of(requests.decided) == year - 1
        for decided, month in ((last_year, 3), (spring, 9)):
            earlier = refused & decided & (person == np.arange(len(person)))
            later = (years == year) & (requests.received >= day_of(year, month, 1)) & ~used
            again = pick(rng, later, round(SECOND_REQUEST_SHARE * int(later.sum())))
            before = pick(rng, earlier & ~used, len(again))
            again = again[: len(before)]
            person[again] = rng.permutation(person[before])
            used[again] = True
            used[before] = True
    return person


def _plans_before(rng: np.random.Generator, margins: Margins, year: int) -> tuple[Days, Days]:
    """Start and birth dates of the plans in place when the first year begins."""
    count = margins.plans(year)
    age = spread(rng, margins.weights.age_of_plans, count)
    birth = _birth(rng, age, np.full(count, day_of(year - 1, 8, 31)))
    began = np.sort(spread(rng, margins.weights.start_year, count))
    # Who has had a plan longest is oldest, with much noise.
    order = np.argsort(-age + rng.normal(0, 5, count))
    starting = np.empty(count, dtype=np.int64)
    starting[order] = began
    first = _first_of(starting, 1)
    first = np.maximum(first, birth + 2 * 365 + 60)
    first = np.maximum(first, day_of(2014, 9, 15))
    last = np.maximum(np.minimum(_first_of(starting, 12) + 18, day_of(year - 1, 12, 20)), first)
    start = np.minimum(between(rng, first, last), day_of(year - 1, 12, 20))
    return start, birth


def _first_of(years: Places, month: int) -> Days:
    months = (years - 1970) * 12 + month - 1
    return months.astype("datetime64[M]").astype("datetime64[D]")


def _moved_in(
    rng: np.random.Generator, margins: Margins, years: list[int]
) -> tuple[Days, Days, Days]:
    """Start, day of arrival and birth dates of plans that other authorities had made."""
    starts, days, births = [], [], []
    weights = {age: n for age, n in margins.weights.age_of_plans.items() if 3 < age < 19}
    for year in years:
        count = margins.transfers_in(year)
        came = np.sort(
            between(
                rng,
                np.full(count, census_day(year) + 6),
                np.full(count, day_of(year, 12, 15)),
            )
        )
        birth = _birth(rng, spread(rng, weights, count), np.full(count, day_of(year, 8, 31)))
        fresh = flags(count, pick(rng, np.arange(count), round(count * MOVED_IN_NEW_SHARE)))
        late = np.maximum(birth + 3 * 365, day_of(year - 5, 1, 10))
        first = np.where(fresh, day_of(year, 1, 3), np.minimum(late, day_of(year - 1, 6, 1)))
        last = np.where(fresh, came - 5, np.full(count, day_of(year - 1, 12, 20)))
        starts.append(between(rng, first, last))
        days.append(working_day(came))
        births.append(birth)
    return np.concatenate(starts), np.concatenate(days), np.concatenate(births)


def _needs(rng: np.random.Generator, margins: Margins, new: int, old: int) -> Texts:
    """Primary needs by the published weights; some of MLD are Down syndrome."""
    need = np.concatenate(
        [spread(rng, margins.needs.new_plans, new), spread(rng, margins.needs.plans, old)]
    ).astype("U4")
    moderate = np.flatnonzero(need == "MLD")
    need[pick(rng, moderate, round(DOWN_SYNDROME_SHARE * len(moderate)))] = "DS"
    return need


def _second_needs(rng: np.random.Generator, need: Texts) -> Texts:
    """Another need for about a third; never the same again, before or after DS came."""
    kinds = np.array(["SLCN", "SEMH", "ASD", "SPLD", "PD", "HI"])
    second = kinds[rng.integers(0, len(kinds), len(need))]
    has = (rng.random(len(need)) < SECOND_NEED_SHARE) & (second != need)
    return np.where(has, second, "")


def _cease(
    rng: np.random.Generator, plans: Plans, births: Days, margins: Margins, year: int
) -> None:
    """The year's endings, by reason; nobody stays beyond the year of the 25th birthday."""
    new_year = day_of(year, 1, 1)
    open_ = plans.in_place(new_year) & np.isnat(plans.ceased)
    open_ &= (plans.start < new_year) & ~(plans.came >= new_year)
    age = ages(births[plans.person], day_of(year, 8, 31))
    wanted = margins.years[year].ceased
    for reason, (youngest, slope) in REASONS.items():
        weights = np.where(age > OLDEST, 1e9, np.maximum(age - youngest + 1.0, 0.1) ** slope)
        places = pick(rng, open_ & (age >= youngest), wanted.get(reason, 0), weights)
        _end(rng, plans, places, reason, year)
        open_[places] = False
    for reason in OTHER_REASONS:
        places = pick(rng, open_, wanted.get(reason, 0))
        _end(rng, plans, places, reason, year)
        open_[places] = False


def _end(rng: np.random.Generator, plans: Plans, places: Places, reason: str, year: int) -> None:
    """Most plans end with the school year, the rest on any day after the census."""
    count = len(places)
    leaving = np.array([day_of(year, *day) for day in LEAVING_DAYS])
    summer = leaving[rng.integers(0, len(leaving), count)]
    any_day = between(
        rng, np.full(count, census_day(year) + 7), np.full(count, day_of(year, 12, 19))
    )
    in_summer = (rng.random(count) < SUMMER_SHARE) | (reason == "1")
    plans.ceased[places] = np.where(in_summer, summer, any_day)
    plans.reason[places] = reason


def _cease_in_january(rng: np.random.Generator, plans: Plans, year: int, count: int) -> None:
    """A few endings between the last census and the end of its month: moves away."""
    open_ = plans.in_place(day_of(year, 1, 1)) & np.isnat(plans.ceased)
    open_ &= (plans.start < day_of(year, 1, 1)) & ~(plans.came >= day_of(year, 1, 1))
    places = pick(rng, open_, count)
    plans.ceased[places] = census_day(year) + rng.integers(4, 15, len(places))
    plans.reason[places] = "5"
