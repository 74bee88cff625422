"""The modules of a return, column by column, from the blocks that it holds.

Each function gives the columns of one module; `_of` is the key of each record's parent (for a
child's record none), `_key` the record's own key where it differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Flags, Places, Texts, ages, day_of, no_days
from pipelines.synthetic.people import postcodes
from pipelines.synthetic.placements import KINDS
from pipelines.synthetic.reviews import ReviewState, state
from pipelines.synthetic.schools import OWN_LA
from pipelines.synthetic.snapshot import Blocks, Period, Placed, placed, school_year_end

Columns = dict[str, Any]

NO_UPN_BELOW_AGE = 4
ULN_FROM_AGE = 14
SETTING_CODES = {
    "elective_home_education": "EHE",
    "other_arrangements_la": "OLA",
    "other_arrangements_parents": "OPA",
    "neet": "NEET",
    "neet_ntci": "NIEC",
    "neet_other": "NIEO",
    "neet_other_csa": "NIEO",
    "nm_early_years": "EYP",
    "other_placement_settings": "OTH",
    "placement_unknown": "NIEO",
}
OTHER_TEXT = "Placement being sought"
UNKNOWN = KINDS.index("placement_unknown")
POST_16 = [KINDS.index(name) for name in KINDS if name.endswith(("colleges", "institutions"))]
RESIDENTIAL = [KINDS.index(name) for name in ("special_independent", "special_non_maintained")]
TEXTS_OF_KINDS = np.array([SETTING_CODES.get(name, "") for name in KINDS])
WORK_BASED_FROM_AGE = 17
DOWN_SYNDROME_SINCE = 2025
# A term's last children leave a school in the year that they are a year younger than this.
COMPULSORY_TO = 16
EARLY_DUE, LATE_DUE = (2, 15), (3, 31)
OTHER_APPEAL_SHARE = 0.01
PREPARED_AFTER_DAYS = 18


@dataclass(frozen=True)
class Held:
    """A return on the way to its modules.

    Attributes:
        persons: places of the children, in order. person_of: of each block, place in persons.
        planned, active: places of the blocks with a plan, and with one that is in place.
        placed: of the planned blocks.
    """

    county: County
    period: Period
    blocks: Blocks
    persons: Places
    person_of: Places
    planned: Places
    active: Places
    placed: Placed
    reviews: ReviewState


def held(county: County, period: Period, found: Blocks) -> Held:
    """What the module functions share."""
    persons, person_of = np.unique(found.person, return_inverse=True)
    planned = np.flatnonzero(found.plan >= 0)
    return Held(
        county=county,
        period=period,
        blocks=found,
        persons=persons,
        person_of=person_of,
        planned=planned,
        active=np.flatnonzero(found.is_active),
        placed=placed(county, found.plan[planned], period.on),
        reviews=state(county.reviews, period.on),
    )


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
    settled = np.isin(outcome, ["Y", "N"]) & ~np.isnat(when)
    # Few, and always the same ones.
    other = of.county.plans.lot[found.plan[place]] < OTHER_APPEAL_SHARE
    excepted = of.county.assessed.is_excepted[found.request[place]]
    none = np.zeros(len(place), dtype=np.bool_)
    return {
        "_of": place,
        "assessment_outcome": outcome,
        "assessment_outcome_date": when,
        "has_assessment_mediation": _flag(settled, none),
        "has_assessment_tribunal": _flag(settled, none),
        "has_other_mediation": _flag(settled, none),
        "has_other_tribunal": _flag(settled, other & (found.plan[place] >= 0)),
        "has_week20_exception": _flag(outcome == "Y", excepted & settled),
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
        "plan_residential": _residential(of),
        "plan_work_based": _work_based(of),
        "has_personal_budget": np.where(budget, "1", "0"),
        "has_organised_arrangement": np.where(budget, "0", ""),
        "direct_payment": np.where(budget, "E", ""),
        "cease_date": np.where(ended, plans.ceased[plan], no_days(len(plan))),
        "cease_reason": np.where(ended, plans.reason[plan], ""),
    }


def plan_detail(of: Held) -> Columns:
    """The setting that the plan names: the one attended, or none yet."""
    return {"_of": of.planned} | _setting(of, np.arange(len(of.planned)))


def _setting(of: Held, places: Places) -> Columns:
    """How a setting is written: URN, UKPRN, or the code of what is no school."""
    kind, school = of.placed.kind[places], of.placed.school[places]
    known = of.county.schools
    has = school >= 0
    names = np.array(KINDS)[kind]
    urn = np.where(has, known.urn[school], "")
    code = np.where(has, "", TEXTS_OF_KINDS[kind])
    return {
        "urn": urn,
        "ukprn": np.where(has & (urn == ""), known.ukprn[school], ""),
        "sen_setting": np.where((code == "") & ~has, "NIEO", code),
        "sen_setting_other": np.where(np.isin(code, ["OTH", "NIEO"]), OTHER_TEXT, ""),
        "placement_rank": np.full(len(places), "1"),
        "is_sen_unit": np.char.endswith(names, "senunit"),
        "is_resourced_provision": np.char.endswith(names, "resourced_provision"),
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
        "residential": _residential(of)[within],
        "work_based": _work_based(of)[within],
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


def placement_detail(of: Held) -> Columns:
    """Where the child learns; none for a placement that is not known."""
    within = np.searchsorted(of.planned, of.active)
    known = of.placed.kind[within] != UNKNOWN
    within = within[known]
    return {
        "_of": of.active[known],
        **_setting(of, within),
        "entry_date": of.placed.entry[within],
        "attendance_pattern": np.full(len(within), ""),
        "residential": _residential(of)[within],
        "work_based": _work_based(of)[within],
    }


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
    wanted = of.county.margins.personal_budgets[_margin_year(of)]
    return _first_by_lot(of, of.blocks.is_active[of.planned], wanted, is_highest=True)


def _residential(of: Held) -> Texts:
    wanted = of.county.margins.residential[_margin_year(of)]
    suited = of.blocks.is_active[of.planned] & np.isin(of.placed.kind, RESIDENTIAL)
    return _coded(of, suited, wanted)


def _work_based(of: Held) -> Texts:
    plans = of.county.plans
    birth = of.county.people.birth[plans.person[of.blocks.plan[of.planned]]]
    suited = of.blocks.is_active[of.planned] & np.isin(of.placed.kind, POST_16)
    suited &= ages(birth, of.period.on) >= WORK_BASED_FROM_AGE
    return _coded(of, suited, of.county.margins.work_based)


def _margin_year(of: Held) -> int:
    years = of.county.years
    return min(max(of.period.year - int(of.period.is_in_year), years[0]), years[-1])


def _coded(of: Held, suited: Flags, wanted: dict[str, int]) -> Texts:
    """Codes for so many of those suited, in the order of their lots."""
    codes = np.full(len(suited), "", dtype="U1")
    for code, number in wanted.items():
        codes[_first_by_lot(of, suited & (codes == ""), number)] = code
    return codes


def _first_by_lot(of: Held, suited: Flags, number: int, *, is_highest: bool = False) -> Flags:
    lot = of.county.plans.lot[of.blocks.plan[of.planned]]
    keys = np.where(suited, -lot if is_highest else lot, np.inf)
    chosen = np.argsort(keys, kind="stable")[: min(number, int(suited.sum()))]
    marked = np.zeros(len(suited), dtype=np.bool_)
    marked[chosen] = True
    return marked
