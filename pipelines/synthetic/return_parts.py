"""The modules of a return, column by column, from the blocks that it holds.

Each function gives the columns of one module; `_of` is the key of each record's parent (for a
child's record none), `_key` the record's own key where it differs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.synthetic.draw import Flags, Places, Texts, ages, day_of, no_days
from pipelines.synthetic.held import Columns, Held
from pipelines.synthetic.people import postcodes
from pipelines.synthetic.schools import OWN_LA
from pipelines.synthetic.setting_parts import first_by_lot, margin_year, residential, work_based
from pipelines.synthetic.snapshot import school_year_end

NO_UPN_BELOW_AGE = 4
ULN_FROM_AGE = 14
DOWN_SYNDROME_SINCE = 2025
# A term's last children leave a school in the year that they are a year younger than this.
COMPULSORY_TO = 16
EARLY_DUE, LATE_DUE = (2, 15), (3, 31)
OTHER_APPEAL_SHARE = 0.01
NOTED_AFTER = 112
PREPARED_AFTER_DAYS = 18


def header(of: Held) -> Columns:
    """One record."""
    period = of.period
    prepared = period.on + (2 if period.is_in_year else PREPARED_AFTER_DAYS)
    values = {
        "collection": "SEN2",
        "return_year": str(period.year),
        "reference_date": str(period.on),
        "source_level": "L",
        "la_code": OWN_LA,
        "software_code": "SampleCMS",
        "software_release": "1.0",
        "serial_number": "001",
        "prepared_at": f"{prepared}T09:30:00",
        "designated_medical_officer": "Y",
        "designated_clinical_officer": "Y",
        "designated_social_care_officer": "R",
    }
    columns: Columns = {name: np.array([value]) for name, value in values.items()}
    return columns | {"_of": np.zeros(1, dtype=np.int64)}


def person(of: Held) -> Columns:
    """One record for each child."""
    who, people = of.persons, of.county.people
    age = ages(people.birth[who], of.period.on)
    has_upn = age >= NO_UPN_BELOW_AGE
    return {
        "_of": np.zeros(len(who), dtype=np.int64),
        "_key": np.arange(len(who)),
        "surname": people.surname[who],
        "forename": people.forename[who],
        "birth_date": people.birth[who],
        "gender_current": people.sex[who],
        "sex": people.sex[who],
        "ethnicity": people.ethnicity[who],
        "postcode": postcodes()[people.postcode[who]],
        "upn": np.where(has_upn, people.upn[who], ""),
        "uln": np.where(age >= ULN_FROM_AGE, people.uln[who], ""),
        "upn_unknown": np.where(has_upn, "", "UN1"),
    }


def request(of: Held) -> Columns:
    """One record for each block."""
    found, asked, ends = of.blocks, of.county.requests, of.county.assessed
    place = found.request
    known = place >= 0
    past = found.outcome == "H"
    settled = np.isin(found.outcome, ["Y", "N"])
    appealed = known & (ends.appealed[place] <= of.period.on)
    moved = known & (found.assessment == "W")
    return {
        "_of": of.person_of,
        "_key": np.arange(len(place)),
        "received_date": np.where(known, asked.received[place], no_days(len(place))),
        "request_source": np.where(known & ~past, asked.source[place], ""),
        "is_in_youth_accommodation": np.where(past, "", "0"),
        "request_outcome_date": np.where(settled, asked.decided[place], no_days(len(place))),
        "request_outcome": found.outcome,
        "has_request_mediation": _flag(settled, appealed & ends.is_mediation[place]),
        "has_request_tribunal": _flag(settled, appealed & ends.is_tribunal[place]),
        "exported_la_code": np.where(moved, ends.exported_to[place], ""),
    }


def assessment(of: Held) -> Columns:
    """One record for each block with an assessment."""
    found = of.blocks
    place = np.flatnonzero(found.assessment != "")
    outcome, when = found.assessment[place], found.assessment_day[place]
    request = found.request[place]
    settled = np.isin(outcome, ["Y", "N"]) & ~np.isnat(when)
    # While a case goes on, its exception is entered once the time grows short.
    waited = of.period.on - of.county.requests.received[request]
    going_on = (
        np.isin(outcome, ["A", "Y"]) & np.isnat(when) & (waited.astype(np.int64) > NOTED_AFTER)
    )
    # Few, and always the same ones.
    other = of.county.plans.lot[found.plan[place]] < OTHER_APPEAL_SHARE
    excepted = of.county.assessed.is_excepted[request] & (request >= 0)
    none = np.zeros(len(place), dtype=np.bool_)
    return {
        "_of": place,
        "assessment_outcome": outcome,
        "assessment_outcome_date": when,
        "has_assessment_mediation": _flag(settled, none),
        "has_assessment_tribunal": _flag(settled, none),
        "has_other_mediation": _flag(settled, none),
        "has_other_tribunal": _flag(settled, other & (found.plan[place] >= 0)),
        "has_week20_exception": _flag(
            (outcome == "Y") | (going_on & excepted), excepted & (settled | going_on)
        ),
    }


def _flag(is_wanted: Flags, is_set: Flags) -> Texts:
    """'1' or '0' where the item is wanted, '' elsewhere."""
    return np.where(is_wanted, np.where(is_set, "1", "0"), "")


def named_plan(of: Held) -> Columns:
    """One record for each plan."""
    plans, plan = of.county.plans, of.blocks.plan[of.planned]
    ended = plans.ceased[plan] < of.period.on
    budget = _has_budget(of)
    return {
        "_of": of.planned,
        "start_date": plans.start[plan],
        "plan_residential": residential(of),
        "plan_work_based": work_based(of),
        "has_personal_budget": np.where(budget, "1", "0"),
        "has_organised_arrangement": np.where(budget, "0", ""),
        "direct_payment": np.where(budget, "E", ""),
        "cease_date": np.where(ended, plans.ceased[plan], no_days(len(plan))),
        "cease_reason": np.where(ended, plans.reason[plan], ""),
    }


def active_plan(of: Held) -> Columns:
    """One record for each plan in place: review, phase transfer, transfer in."""
    plans, plan = of.county.plans, of.blocks.plan[of.active]
    reviewed = of.reviews
    came = plans.came[plan]
    moved_now = (came >= of.period.begins) & (came <= of.period.on)
    within = np.searchsorted(of.planned, of.active)
    due, final = _phase_transfer(of, plan, within)
    return {
        "_of": of.active,
        "transfer_la_code": np.where(moved_now, plans.came_from[plan], ""),
        "residential": residential(of)[within],
        "work_based": work_based(of)[within],
        "review_meeting_date": reviewed.meeting[plan],
        "review_outcome": reviewed.outcome[plan],
        "review_draft_date": reviewed.draft[plan],
        "phase_transfer_due_date": due,
        "phase_transfer_final_date": final,
        "last_review_date": reviewed.decision[plan],
    }


def _phase_transfer(of: Held, plan: Places, within: Places) -> tuple[Any, Any]:
    """Due in the year in which the child is in the last year of its school; a third is done."""
    year = school_year_end(of.period.on)
    last_summer = day_of(year - 1, 8, 31)
    county = of.county
    age = ages(county.people.birth[county.plans.person[plan]], last_summer)
    school = of.placed.school[within]
    leaving = county.schools.high[school]
    is_due = (school >= 0) & (age == leaving - 1) & (leaving <= 19)
    due = np.where(age >= COMPULSORY_TO - 1, day_of(year, *LATE_DUE), day_of(year, *EARLY_DUE))
    due = np.where(is_due, due, no_days(len(plan)))
    lot = county.plans.lot[plan]
    # From a quarter of a year before the day to a little after it, by lot.
    final = due - 85 + (lot * 100).astype(np.int64)
    return due, np.where(final <= of.period.on, final, no_days(len(plan)))


def sen_need(of: Held) -> Columns:
    """The primary need of each plan in place, and the second of those that have one."""
    plans, plan = of.county.plans, of.blocks.plan[of.active]
    first = _need(plans.need[plan], of.period.year)
    second = _need(plans.second_need[plan], of.period.year)
    has_second = (second != "") & (second != first)
    order = np.argsort(np.concatenate([of.active, of.active[has_second]]), kind="stable")
    kinds = np.concatenate([first, second[has_second]])
    ranks = np.concatenate([np.full(len(first), "1"), np.full(int(has_second.sum()), "2")])
    owner = np.concatenate([of.active, of.active[has_second]])
    return {
        "_of": owner[order],
        "_key": np.arange(len(order)),
        "sen_type": kinds[order],
        "sen_type_rank": ranks[order],
    }


def _need(need: Texts, year: int) -> Texts:
    return need if year >= DOWN_SYNDROME_SINCE else np.where(need == "DS", "MLD", need)


def _has_budget(of: Held) -> Flags:
    """The published number of plans in place, those with the highest lots."""
    wanted = of.county.margins.personal_budgets[margin_year(of)]
    return first_by_lot(of, of.blocks.is_active[of.planned], wanted, is_highest=True)
