"""The county on one day: which plans and requests a return of that day holds, and in what state.

A return holds plans in place, plans that ended since the collection period began, and requests
that were open or settled within it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Days, Flags, Places, Texts, census_day, day_of

NOT_HELD = -1
SEPTEMBER = 9


@dataclass(frozen=True)
class Period:
    """What a return is about.

    Attributes:
        year: return year, whose layout it has.
        on: reference date.
        begins, ends: first and last day of the activity.
        is_in_year: an extract between two returns.
    """

    year: int
    on: np.datetime64
    begins: np.datetime64
    ends: np.datetime64
    is_in_year: bool = False


def annual(year: int) -> Period:
    """The period of a statutory return: the calendar year before its census."""
    return Period(year, census_day(year), day_of(year - 1, 1, 1), day_of(year - 1, 12, 31))


def in_year(on: np.datetime64) -> Period:
    """The period of an extract: the calendar year to its day, in the layout of the next return."""
    year = int(on.astype("datetime64[Y]").astype(np.int64)) + 1970
    return Period(year + 1, on, day_of(year, 1, 1), on, is_in_year=True)


@dataclass(frozen=True)
class Blocks:
    """The Requests blocks of a return, one place each.

    Attributes:
        person: place of the child.
        request: place of the request; -1 for a plan that came before or from elsewhere.
        plan: place of the plan, -1 where there is none.
        outcome: RequestOutcome. assessment: AssessmentOutcome, '' where there is no block.
        assessment_day: AssessmentOutcomeDate, NaT where it is not wanted.
        is_active: the plan is in place on the reference date.
    """

    person: Places
    request: Places
    plan: Places
    outcome: Texts
    assessment: Texts
    assessment_day: Days
    is_active: Flags


def blocks(county: County, period: Period) -> Blocks:
    """Blocks in the order of the children, then of the day of request."""
    found = _joined(_plan_blocks(county, period), _case_blocks(county, period))
    received = county.requests.received[found.request]
    order = np.lexsort(
        (np.where(found.request < 0, np.datetime64("1900-01-01"), received), found.person)
    )
    return Blocks(*(getattr(found, name)[order] for name in Blocks.__dataclass_fields__))


def _joined(first: Blocks, second: Blocks) -> Blocks:
    names = Blocks.__dataclass_fields__
    return Blocks(*(np.concatenate([getattr(first, n), getattr(second, n)]) for n in names))


def _plan_blocks(county: County, period: Period) -> Blocks:
    """Plans in place, and those that ended within the period."""
    plans = county.plans
    # On its last day a plan is still in place, and nobody has entered its end yet.
    ended = plans.ceased < period.on
    active = plans.in_place(period.on)
    recent = ended & (plans.ceased >= period.begins)
    held = np.flatnonzero(active | recent)
    request = plans.request[held]
    new = (request >= 0) & (plans.start[held] >= period.begins)
    asked = county.requests.decision[request]
    return Blocks(
        person=plans.person[held],
        request=request,
        plan=held,
        outcome=np.where(new, asked, "H"),
        assessment=np.where(new, "Y", "H"),
        assessment_day=np.where(new, plans.start[held], np.datetime64("NaT", "D")),
        is_active=active[held],
    )


def _case_blocks(county: County, period: Period) -> Blocks:
    """Requests that have led to no plan by the reference date."""
    requests, ends = county.requests, county.assessed
    on = period.on
    ended = ends.ended <= on
    decided = requests.decided <= on
    agreed = decided & (requests.decision == "Y")
    refused = decided & (requests.decision == "N")
    withdrawn = ~decided & (requests.withdrawn <= on)
    on_appeal = refused & (ends.appealed <= on)
    settled_now = ended & (ends.ended >= period.begins)
    relevant = (
        (agreed & (~ended | settled_now))
        | (refused & ((requests.decided >= period.begins) | on_appeal))
        | (withdrawn & (requests.withdrawn >= period.begins))
        | (~decided & ~withdrawn)
    )
    in_time = (requests.received <= period.ends) & ~(ended & (ends.outcome == "Y"))
    held = np.flatnonzero(relevant & in_time)
    assessing = (agreed | on_appeal)[held]
    has_ended = ended[held]
    to_issue = (ends.agreed_to_issue <= on)[held]
    state = np.where(has_ended, ends.outcome[held], np.where(to_issue, "Y", "A"))
    state = np.where(assessing, state, "")
    refusal = has_ended & (state == "N")
    return Blocks(
        person=county.person_of_request[held],
        request=held,
        plan=np.full(len(held), NOT_HELD),
        outcome=np.select([decided[held], withdrawn[held]], [requests.decision[held], "W"], "A"),
        assessment=state,
        assessment_day=np.where(refusal, ends.ended[held], np.datetime64("NaT", "D")),
        is_active=np.zeros(len(held), dtype=np.bool_),
    )


@dataclass(frozen=True)
class Placed:
    """Where the children of some plans learn on a day; arrays like the plans."""

    kind: Places
    school: Places
    entry: Days


def placed(county: County, plan: Places, on: np.datetime64) -> Placed:
    """Placements on a day: those of the census that the school year belongs to.

    A plan that was not in place at that census has the placement of the census nearest to it.
    """
    year = school_year_end(on)
    known = county.placements
    here = min(max(known.years.index(min(year, known.years[-1])), 0), len(known.years) - 1)
    kind, school = known.kind[here][plan], known.school[here][plan]
    entry = known.entry[here][plan]
    for other in sorted(range(len(known.years)), key=lambda place: abs(place - here)):
        lacking = (kind < 0) & (known.kind[other][plan] >= 0)
        kind = np.where(lacking, known.kind[other][plan], kind)
        school = np.where(lacking, known.school[other][plan], school)
        entry = np.where(lacking, known.entry[other][plan], entry)
    plans = county.plans
    began = np.where(np.isnat(plans.came[plan]), plans.start[plan], plans.came[plan])
    return Placed(kind, school, np.where(entry > on, np.minimum(began, on), entry))


def school_year_end(on: np.datetime64) -> int:
    """The calendar year in which the school year of a day ends."""
    months = int(on.astype("datetime64[M]").astype(np.int64))
    return months // 12 + 1970 + (1 if months % 12 + 1 >= SEPTEMBER else 0)
