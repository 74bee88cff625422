"""Support before a plan: referrals of three kinds, what came of them, who asked for a plan later.

Part of the children are those for whom a request came in later, so that the way from referral to
plan can be followed by the child; the others are pupils with SEN support who needed no plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import (
    Days,
    Flags,
    Places,
    ages,
    between,
    day,
    no_days,
    pick,
    spread,
    working_day,
)
from pipelines.synthetic.people import People

Columns = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of support: since when, how many children at scale 1, part of them that asks later.

    Attributes:
        growth: below 1, the more referrals the later.
    """

    launched: str
    children: int
    asking: float
    growth: float


# The enhanced approach began in January 2024 and has grown; district support came before it.
KINDS: Mapping[str, Kind] = {
    "APDR": Kind("2023-01-09", 2600, 0.16, 0.8),
    "EAPDR": Kind("2024-01-15", 960, 0.22, 0.5),
    "SEDIS": Kind("2023-09-04", 430, 0.3, 0.8),
}
OUTCOMES = {"needs_met": 0.55, "continuing": 0.2, "stepped_up": 0.1, "ended": 0.1, "moved": 0.05}
NOT_ACCEPTED_SHARE = 0.05
# Part of the children of the enhanced approach who came to it from a school's own cycle.
STEPPED_UP_SHARE = 0.35
LEAD_DAYS = (50, 620)
RUNS_DAYS = (70, 190)
PLANS_AT_FULL_SIZE = 9979


def early_support(
    rng: np.random.Generator, county: County, supported: People, on: np.datetime64
) -> Columns:
    """Referrals up to a day, in the order in which they came. supported: pupils without a plan."""
    size = county.margins.plans(county.years[-1]) / PLANS_AT_FULL_SIZE
    free_requests = np.ones(len(county.requests), dtype=np.bool_)
    free_pupils = ages(supported.birth, on) >= 4
    parts: list[Columns] = []
    for name, kind in KINDS.items():
        children = round(kind.children * size)
        asking = _asking(rng, county, kind, free_requests, on, round(children * kind.asking))
        others = pick(rng, free_pupils, children - len(asking))
        free_pupils[others] = False
        parts.append(_of_askers(rng, county, kind, asking, on))
        parts.append(_of_others(rng, supported, kind, others, on))
        for part in parts[-2:]:
            part["support_kind"] = np.full(len(part["referral_date"]), name)
    parts += [_step_before(rng, part) for part in parts[2:4]]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    urns = county.schools.urn[county.schools.roll > 0]
    found["urn"] = urns[rng.integers(0, len(urns), len(found["referral_date"]))]
    order = np.argsort(found["referral_date"], kind="stable")
    return {name: values[order] for name, values in found.items()}


def child(people: People, who: Places, on: np.datetime64) -> Columns:
    """Columns by which a return names a child: its number where it has one, else name and birth."""
    has_upn = ages(people.birth[who], on) >= 4
    return {
        "upn": np.where(has_upn, people.upn[who], ""),
        "uln": np.full(len(who), ""),
        "surname": np.where(has_upn, "", people.surname[who]),
        "forename": np.where(has_upn, "", people.forename[who]),
        "birth_date": np.where(has_upn, no_days(len(who)), people.birth[who]),
    }


def _asking(
    rng: np.random.Generator,
    county: County,
    kind: Kind,
    free: Flags,
    on: np.datetime64,
    count: int,
) -> Places:
    """Requests of children who were referred before, each child and request for one kind only."""
    received, births = county.requests.received, county.people.birth
    grown = ages(births[county.person_of_request], received) >= 4
    among = free & grown & (received > day(kind.launched) + LEAD_DAYS[0] + 10) & (received <= on)
    places = pick(rng, among, count)
    who, first = np.unique(county.person_of_request[places], return_index=True)
    free[np.isin(county.person_of_request, who)] = False
    return places[first]


def _of_askers(
    rng: np.random.Generator, county: County, kind: Kind, places: Places, on: np.datetime64
) -> Columns:
    """Referrals some weeks or months before the request, with which the support ends."""
    received = county.requests.received[places]
    first = np.maximum(received - LEAD_DAYS[1], day(kind.launched))
    referred = working_day(between(rng, first, received - LEAD_DAYS[0], 0.6))
    began = np.minimum(working_day(referred + rng.integers(14, 45, len(places))), received)
    return child(county.people, county.person_of_request[places], on) | {
        "referral_date": np.maximum(referred, day(kind.launched)),
        "support_start_date": np.maximum(began, np.maximum(referred, day(kind.launched))),
        "support_end_date": received,
        "support_outcome": np.full(len(places), "assessment_requested"),
        "outcome_date": received,
    }


def _of_others(
    rng: np.random.Generator, people: People, kind: Kind, who: Places, on: np.datetime64
) -> Columns:
    """Referrals of children for whom nobody asked for a plan."""
    count = len(who)
    first = np.full(count, day(kind.launched))
    drawn = working_day(between(rng, first, np.full(count, on - 5), kind.growth))
    referred: Days = np.maximum(drawn, first)
    began = working_day(referred + rng.integers(14, 45, count))
    ended = working_day(began + rng.integers(*RUNS_DAYS, count))
    outcome = spread(rng, OUTCOMES, count).astype("U20")
    accepted = rng.random(count) >= NOT_ACCEPTED_SHARE
    over = accepted & (ended <= on)
    outcome = np.where(over, outcome, np.where(accepted, "", "not_accepted"))
    goes_on = outcome == "continuing"
    told = np.where(accepted, ended, np.minimum(referred + 10, on))
    return child(people, who, on) | {
        "referral_date": referred,
        "support_start_date": np.where(accepted & (began <= on), began, no_days(count)),
        "support_end_date": np.where(over & ~goes_on, ended, no_days(count)),
        "support_outcome": outcome,
        "outcome_date": np.where(outcome == "", no_days(count), told),
    }


def _step_before(rng: np.random.Generator, part: Columns) -> Columns:
    """The school's own cycle out of which children came to the enhanced approach."""
    places = pick(
        rng,
        np.arange(len(part["referral_date"])),
        round(STEPPED_UP_SHARE * len(part["referral_date"])),
    )
    ended: Days = part["referral_date"][places]
    began = working_day(ended - rng.integers(80, 160, len(places)).astype("timedelta64[D]"))
    return {name: values[places] for name, values in part.items()} | {
        "support_kind": np.full(len(places), "APDR"),
        "referral_date": working_day(began - 7),
        "support_start_date": began,
        "support_end_date": ended,
        "support_outcome": np.full(len(places), "stepped_up"),
        "outcome_date": ended,
    }
