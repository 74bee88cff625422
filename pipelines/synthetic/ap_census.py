"""The alternative provision census: children whom the council pays for outside state schools."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipelines.synthetic.collect import TableFile
from pipelines.synthetic.county import County
from pipelines.synthetic.draw import (
    Days,
    Places,
    Texts,
    ages,
    census_day,
    day_of,
    iso,
    no_days,
    pick,
)
from pipelines.synthetic.people import postcodes
from pipelines.synthetic.placements import KINDS
from pipelines.synthetic.schools import OWN_LA
from pipelines.synthetic.snapshot import placed

OLDEST = 15
# Kinds of placement that it covers, and the council's own code for the reason.
REASONS = {
    "special_independent": "SEN",
    "special_non_maintained": "SEN",
    "other_arrangements_la": "TUI",
    "online_provider": "ONL",
}
# Children without a plan who are taught elsewhere after an exclusion, of those refused in the year.
EXCLUDED_SHARE = 0.05
FULL_TIME_SHARE = 0.8


def write_ap_census(county: County, path: Path, year: int) -> None:
    """The census of a January as a CSV in the layout of the house."""
    on = census_day(year)
    rng = np.random.default_rng((county.seed, 6, year))
    plans, reason, urn, entry = _with_plan(county, on)
    excluded = _excluded(rng, county, on)
    count, others = len(plans) + len(excluded), len(excluded)
    who = np.concatenate([county.plans.person[plans], excluded])
    people = county.people
    age = ages(people.birth[who], on)
    began = day_of(year - 1, 9, 8) + rng.integers(0, 90, others).astype("timedelta64[D]")
    target = TableFile(path)
    target.write(
        {
            "la_code": np.full(count, OWN_LA),
            "census_year": np.full(count, str(year)),
            "reference_date": np.full(count, str(on)),
            "upn": np.where(age >= 4, people.upn[who], ""),
            "uln": np.where(age >= 14, people.uln[who], ""),
            "surname": people.surname[who],
            "forename": people.forename[who],
            "birth_date": iso(people.birth[who]),
            "sex": people.sex[who],
            "ethnicity": people.ethnicity[who],
            "postcode": postcodes()[people.postcode[who]],
            "urn": np.concatenate([urn, np.full(others, "")]),
            "entry_date": iso(np.concatenate([entry, began])),
            "leaving_date": iso(no_days(count)),
            "attendance_pattern": np.where(rng.random(count) < FULL_TIME_SHARE, "FT", "PT"),
            "placement_reason": np.concatenate([reason, np.full(others, "PEX")]),
            "sen_provision": np.where(np.arange(count) < len(plans), "E", "K"),
        }
    )
    target.close()


def _with_plan(county: County, on: np.datetime64) -> tuple[Places, Texts, Texts, Days]:
    """Plans of the kinds that it covers, with reason, setting and first day."""
    active = np.flatnonzero(county.plans.in_place(on))
    at = placed(county, active, on)
    names = np.array(KINDS)[at.kind]
    age = ages(county.people.birth[county.plans.person[active]], on)
    covered = np.isin(names, list(REASONS)) & (age <= OLDEST) & (age >= 4)
    reason = np.array([REASONS.get(name, "") for name in names[covered].tolist()], dtype="U3")
    school = at.school[covered]
    urn = np.where(school >= 0, county.schools.urn[school], "")
    return active[covered], reason, urn, at.entry[covered]


def _excluded(rng: np.random.Generator, county: County, on: np.datetime64) -> Places:
    """Children refused an assessment in the year before, who have no plan either."""
    requests = county.requests
    lately = (requests.decision == "N") & (requests.decided <= on) & (requests.decided > on - 365)
    who = np.setdiff1d(county.person_of_request[lately], county.plans.person)
    age = ages(county.people.birth[who], on)
    suited = who[(age >= 11) & (age <= OLDEST)]
    return pick(rng, suited, max(1, round(EXCLUDED_SHARE * len(who))))
