"""A return on the way to its modules: what the functions of all modules share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Places
from pipelines.synthetic.reviews import ReviewState, state
from pipelines.synthetic.snapshot import Blocks, Period, Placed, placed

Columns = dict[str, Any]


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
