"""Children who are taught at two places: on the roll of a school, and part of the week elsewhere.

Part of the children with a plan in a mainstream state school also attend a learning centre, where
the census has them a second time, or are taught by a tutor of the council.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Places, ages, day_of
from pipelines.synthetic.placements import KINDS, NONE
from pipelines.synthetic.schools import OWN_LA
from pipelines.synthetic.snapshot import Placed, school_year_end

# Who has one is decided by the plan's lot, so that it stays the same from return to return.
AT_A_CENTRE, WITH_A_TUTOR = (0.50, 0.53), (0.53, 0.55)
AGES = (6, 15)
MAIN_SCHOOLS = ("mainstream_la_maintained", "mainstream_academy", "mainstream_free_school")
MAIN_KINDS = [KINDS.index(name) for name in MAIN_SCHOOLS]


@dataclass(frozen=True)
class SecondPlaces:
    """One row for each child of two places.

    Attributes:
        at: place of the plan among those asked about.
        school: place in the schools, -1 for a tutor.
    """

    at: Places
    school: Places


def second_places(county: County, plan: Places, placed: Placed, on: np.datetime64) -> SecondPlaces:
    """Of some plans and their places on a day, those with a second place, and which."""
    lot = county.plans.lot[plan]
    birth = county.people.birth[county.plans.person[plan]]
    age = ages(birth, day_of(school_year_end(on) - 1, 8, 31))
    able = np.isin(placed.kind, MAIN_KINDS) & (age >= AGES[0]) & (age <= AGES[1])
    at = np.flatnonzero(able & (lot >= AT_A_CENTRE[0]) & (lot < WITH_A_TUTOR[1]))
    known = county.schools
    centres = np.flatnonzero(
        np.char.startswith(known.placement, "ap_pru") & (known.la_code == OWN_LA)
    )
    drawn = centres[(lot[at] * 1e6).astype(np.int64) % len(centres)]
    return SecondPlaces(at, np.where(lot[at] < AT_A_CENTRE[1], drawn, NONE))
