"""Pupils without a plan, and who of all pupils is on which roll on a census day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.draw import Days, Flags, Places, Texts, spread
from pipelines.synthetic.margins import Margins
from pipelines.synthetic.people import People, people
from pipelines.synthetic.schools import Schools

YOUNGEST, OLDEST = 3, 17
# Of the same age cohort, who stays at school before and after compulsory schooling.
NURSERY_SHARE, SIXTH_FORM_SHARE = 0.45, 0.3
SUPPORT_NEEDS = {
    "SLCN": 30,
    "SEMH": 22,
    "MLD": 17,
    "SPLD": 14,
    "ASD": 7,
    "PD": 2,
    "HI": 2,
    "OTH": 6,
}
MEALS_SHARE = 0.2


@dataclass(frozen=True)
class Pupils:
    """Pupils without a plan, of all the years; a random number decides who has which trait."""

    people: People
    path: np.ndarray[tuple[int], np.dtype[np.float64]]
    support: np.ndarray[tuple[int], np.dtype[np.float64]]
    meals: Flags
    need: Texts


def pupils(rng: np.random.Generator, margins: Margins, first: int, last: int, start: int) -> Pupils:
    """Everybody who is of an age to be on a roll in one of the years. start: first free number."""
    cohorts = np.arange(first - 1 - OLDEST, last - YOUNGEST)
    per_year = margins.census.pupils / (
        OLDEST - YOUNGEST - 2 + NURSERY_SHARE + 2 * SIXTH_FORM_SHARE
    )
    each = max(1, round(per_year))
    september = np.repeat((cohorts - 1 - 1970) * 12 + 8, each).astype("datetime64[M]")
    days = rng.integers(0, 365, len(september)).astype("timedelta64[D]")
    birth: Days = september.astype("datetime64[D]") + days
    count = len(birth)
    return Pupils(
        people=people(rng, PROJECT_ROOT, margins, birth, first_serial=start),
        path=rng.random(count),
        support=rng.random(count),
        meals=rng.random(count) < MEALS_SHARE,
        need=spread(rng, SUPPORT_NEEDS, count),
    )


@dataclass(frozen=True)
class Roll:
    """Rows of pupils on roll, those with a plan first. who: place in the people of their kind."""

    with_plan: int
    school: Places
    who: Places
    age: Places
    provision: Texts
    need: Texts
    is_unit: Flags
    is_resourced: Flags
    status: Texts

    def rows(self, places: Places) -> Roll:
        """The same rows in another order, some perhaps twice."""
        columns = (name for name in Roll.__dataclass_fields__ if name != "with_plan")
        return replace(self, **{name: getattr(self, name)[places] for name in columns})


def schools_of(schools: Schools, open_: Flags, age: Places, district: Places, path: Any) -> Places:
    """A school for each pupil, by age and district; the same path leads to the same school."""
    found = np.zeros(len(age), dtype=np.int64)
    key = age * 8 + district
    for value in np.unique(key):
        candidates = np.flatnonzero(
            open_ & (schools.roll > 0) & (schools.low <= value // 8) & (schools.high > value // 8)
        )
        near = candidates[schools.district[candidates] == value % 8]
        candidates = near if len(near) else candidates
        weights = np.cumsum(schools.roll[candidates])
        places = key == value
        at = np.searchsorted(weights, path[places] * weights[-1], side="right")
        found[places] = candidates[np.minimum(at, len(candidates) - 1)]
    return found
