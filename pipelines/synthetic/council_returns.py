"""What the county writes itself: early support, places, posts, training, advice and spend.

The columns and their order are those of data/reference/sources/council.yml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.synthetic.collect import TableFile
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import (
    Days,
    Places,
    Texts,
    ages,
    between,
    day_of,
    iso,
    no_days,
    pick,
    spread,
    working_day,
)
from pipelines.synthetic.schools import OWN_LA

Columns = dict[str, Any]

ADVICE_DAYS = 42
ADVICE_IN_TIME_SHARE = 0.55
REFERRALS_SHARE = 0.6
KINDS_OF_SUPPORT = {"APDR": 0.55, "EAPDR": 0.3, "SEDIS": 0.15}
SUPPORT_OUTCOMES = {
    "continuing": 0.35,
    "needs_met": 0.3,
    "stepped_up": 0.15,
    "assessment_requested": 0.1,
    "not_accepted": 0.05,
    "ended": 0.05,
}
OUTCOME_DAYS = 84
ROLES = {
    "case_officer": (48, "Case work"),
    "plan_writer": (12, "Plan writing"),
    "educational_psychologist": (26, "Psychology"),
    "assistant_psychologist": (8, "Psychology"),
    "specialist_teacher": (20, "Inclusion"),
    "inclusion_officer": (16, "Inclusion"),
    "manager": (9, "Management"),
}
FILLED_SHARE = 0.84
COURSES = {
    "Graduated approach for coordinators": "senco",
    "Speech and language in the classroom": "teacher",
    "Autism in mainstream schools": "teaching_assistant",
    "Writing clear plans": "plan_writer",
    "Inclusive early years": "early_years_staff",
}
SCHEMES = (
    ("Resourced provision, first phase", "resourced_provision", "primary", 60, 2024),
    ("Resourced provision, second phase", "resourced_provision", "secondary", 80, 2025),
    ("Units at secondary schools", "sen_unit", "secondary", 48, 2026),
    ("Special school, new site", "special_school", "all_through", 120, 2026),
    ("College places", "post_16", "post_16", 40, 2025),
)
BUDGET_LINES = {
    "Early support": ("early-support", 62_000),
    "Places in mainstream": ("places", 148_000),
    "Educational psychology": ("advice", 91_000),
    "Case work": ("case-work", 205_000),
    "Transport": ("transport", 1_310_000),
}


def write_returns(county: County, folder: Path, on: np.datetime64) -> list[Path]:
    """One CSV for each return, as on a day."""
    rng = np.random.default_rng((county.seed, 5))
    paths = []
    for name, make in RETURNS.items():
        columns = make(rng, county, on)
        count = len(next(iter(columns.values())))
        path = folder / f"{name}.csv"
        target = TableFile(path)
        target.write({"la_code": np.full(count, OWN_LA)} | _printed(columns))
        target.close()
        paths.append(path)
    return paths


def _printed(columns: Columns) -> Columns:
    return {
        name: iso(values) if values.dtype.kind == "M" else values.astype(str)
        for name, values in columns.items()
    }


def _years_before(on: np.datetime64, years: int) -> np.datetime64:
    found: np.datetime64 = on - 365 * years
    return found


def _child(county: County, who: Places, on: np.datetime64) -> Columns:
    """Columns by which a return names a child: its number where it has one, else name and birth."""
    people = county.people
    has_upn = ages(people.birth[who], on) >= 4
    empty = np.full(len(who), "")
    return {
        "upn": np.where(has_upn, people.upn[who], ""),
        "uln": empty,
        "surname": np.where(has_upn, "", people.surname[who]),
        "forename": np.where(has_upn, "", people.forename[who]),
        "birth_date": np.where(has_upn, no_days(len(who)), people.birth[who]),
    }


def _early_support(rng: np.random.Generator, county: County, on: np.datetime64) -> Columns:
    """Support before a request, of part of the children for whom one came in later."""
    received = county.requests.received
    first = _years_before(on, 2)
    later = (received > first) & (received <= on)
    places = pick(rng, later, round(REFERRALS_SHARE * int(later.sum())))
    who, place = np.unique(county.person_of_request[places], return_index=True)
    count = len(who)
    lead = rng.integers(60, 300, count).astype("timedelta64[D]")
    referred = working_day(received[places][place] - lead)
    began = working_day(referred + rng.integers(14, 50, count))
    outcome = spread(rng, SUPPORT_OUTCOMES, count)
    known = np.minimum(began + OUTCOME_DAYS, on)
    ended = ~np.isin(outcome, ["continuing", "not_accepted"])
    taken_up = outcome != "not_accepted"
    urns = county.schools.urn[county.schools.roll > 0]
    return _child(county, who, on) | {
        "support_kind": spread(rng, KINDS_OF_SUPPORT, count),
        "urn": urns[rng.integers(0, len(urns), count)],
        "referral_date": referred,
        "support_start_date": np.where(taken_up, began, no_days(count)),
        "support_end_date": np.where(ended, known, no_days(count)),
        "support_outcome": outcome,
        "outcome_date": np.where(taken_up, known, referred + 10),
    }


def _place(rng: np.random.Generator, county: County, on: np.datetime64) -> Columns:
    """Places by scheme: open where the day has come, funded or planned where not."""
    rows = []
    for scheme, kind, phase, places, year in SCHEMES:
        planned = day_of(year, 9, 1)
        is_open = planned <= on
        status = "delivered" if is_open else ("funded" if year == SCHEMES[2][-1] else "planned")
        rows.append((scheme, kind, phase, status, places, planned, is_open))
    columns = [np.array(values) for values in zip(*rows, strict=True)]
    schemes, kinds, phases, states, counts, days, are_open = columns
    opening = days.astype("datetime64[D]")
    return {
        "place_scheme": schemes,
        "urn": np.full(len(rows), ""),
        "provision_kind": kinds,
        "school_phase": phases,
        "place_status": states,
        "place_count": counts,
        "planned_open_date": opening,
        "open_date": np.where(are_open, opening, no_days(len(rows))),
        "plan_action": np.full(len(rows), "places"),
    }


def _workforce_post(rng: np.random.Generator, county: County, on: np.datetime64) -> Columns:
    """Posts by role; some are not filled."""
    role = np.repeat(list(ROLES), [count for count, _ in ROLES.values()])
    team = np.repeat([team for _, team in ROLES.values()], [n for n, _ in ROLES.values()])
    count = len(role)
    return {
        "post_code": np.array([f"P-{number:03d}" for number in range(1, count + 1)]),
        "staff_role": role,
        "staff_team": team,
        "full_time_equivalent": np.array(["1", "0.8", "0.6"])[rng.integers(0, 3, count)],
        "post_start_date": _any_days(rng, count, _years_before(on, 5), on - 30),
        "post_end_date": no_days(count),
        "is_filled": (rng.random(count) < FILLED_SHARE).astype(np.int64),
    }


def _training(rng: np.random.Generator, county: County, on: np.datetime64) -> Columns:
    """Days of courses over two years, each course on a day of its own."""
    each = 10
    courses = np.repeat(list(COURSES), each)
    days = np.arange(_years_before(on, 2), on)
    held = np.sort(rng.choice(days[working_day(days) == days], len(courses), replace=False))
    return {
        "course": courses,
        "staff_role": np.repeat(list(COURSES.values()), each),
        "held_date": rng.permutation(held),
        "people_count": rng.integers(8, 45, len(courses)),
    }


def _ep_advice(rng: np.random.Generator, county: County, on: np.datetime64) -> Columns:
    """A psychologist's advice for every assessment since two years; late for nearly half."""
    decided = county.requests.decided
    agreed = (county.requests.decision == "Y") & (decided > _years_before(on, 2)) & (decided < on)
    places = np.flatnonzero(agreed)
    count = len(places)
    asked = working_day(np.minimum(decided[places] + rng.integers(1, 8, count), on))
    due = asked + ADVICE_DAYS
    in_time = rng.random(count) < ADVICE_IN_TIME_SHARE
    waited = np.where(in_time, rng.integers(20, 43, count), rng.integers(45, 130, count))
    came: Days = working_day(asked + waited)
    return _child(county, county.person_of_request[places], on) | {
        "advice_kind": np.full(count, "educational_psychology"),
        "requested_date": asked,
        "due_date": due,
        "received_date": np.where(came <= on, came, no_days(count)),
    }


def _spend(rng: np.random.Generator, county: County, on: np.datetime64) -> Columns:
    """Planned and spent by month over two years."""
    months = np.arange(_years_before(on, 2).astype("datetime64[M]"), on.astype("datetime64[M]"))
    count = len(BUDGET_LINES)
    planned = np.tile([amount for _, amount in BUDGET_LINES.values()], len(months))
    spent = np.round(planned * rng.normal(1.04, 0.06, len(planned)), 2)
    period: Texts = np.repeat(months.astype("U7"), count)
    return {
        "plan_action": np.tile([action for action, _ in BUDGET_LINES.values()], len(months)),
        "budget_line": np.tile(list(BUDGET_LINES), len(months)),
        "period": period,
        "planned_gbp": planned,
        "actual_gbp": np.char.mod("%.2f", spent),
    }


def _any_days(
    rng: np.random.Generator, count: int, first: np.datetime64, last: np.datetime64
) -> Days:
    return working_day(between(rng, np.full(count, first), np.full(count, last)))


RETURNS: Mapping[str, Callable[[np.random.Generator, County, np.datetime64], Columns]] = {
    "early_support": _early_support,
    "place": _place,
    "workforce_post": _workforce_post,
    "training": _training,
    "ep_advice": _ep_advice,
    "spend": _spend,
}
