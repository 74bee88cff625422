"""The county as a whole: one seed and one size give one population with its history.

    county = make_county(seed=999)              # the size of Staffordshire
    county = make_county(seed=7, scale=0.03)    # some 300 plans, for quick tests
    modules = annual_return(county, 2026)       # pipelines/synthetic/returns.py

The same seed, scale and code give the same county. Memory and time grow with the number of
children; England is a scale of about 70.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines.settings import PROJECT_ROOT
from pipelines.synthetic.assessments import Assessed, assessed
from pipelines.synthetic.draw import Places
from pipelines.synthetic.margins import Margins, published, scaled
from pipelines.synthetic.people import People, people
from pipelines.synthetic.placements import Placements, placements
from pipelines.synthetic.plans import Plans, cases
from pipelines.synthetic.requests import Asked, asked
from pipelines.synthetic.reviews import ReviewRound, reviews
from pipelines.synthetic.schools import Names, Schools, names, schools

SEED = 999


@dataclass(frozen=True)
class County:
    """Everything that the sample files are written from; nothing in it is about anybody.

    Attributes:
        person_of_request: place of the child of each request.
    """

    seed: int
    margins: Margins
    names: Names
    people: People
    requests: Asked
    assessed: Assessed
    person_of_request: Places
    plans: Plans
    schools: Schools
    placements: Placements
    reviews: tuple[ReviewRound, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the returns, in order."""
        return tuple(year + 1 for year in sorted(self.margins.years))


def make_county(seed: int = SEED, scale: float = 1.0, project_root: Path = PROJECT_ROOT) -> County:
    """The county of this seed; scale 1 has 9,979 plans in January 2026.

    Raises:
        RegistryError: a file of data/sample does not follow its schema.
    """
    rng = np.random.default_rng(seed)
    margins = scaled(published(project_root), scale)
    known = names(project_root)
    neighbours = tuple(known.neighbours)
    requests = asked(rng, margins)
    outcomes = assessed(rng, margins, requests, neighbours)
    found = cases(rng, margins, requests, outcomes, neighbours)
    children = people(rng, project_root, margins, found.birth)
    settings = schools(rng, project_root, scale)
    person = found.plans.person
    return County(
        seed=seed,
        margins=margins,
        names=known,
        people=children,
        requests=requests,
        assessed=outcomes,
        person_of_request=found.person_of_request,
        plans=found.plans,
        schools=settings,
        placements=placements(
            rng, margins, found.plans, found.birth[person], children.district[person], settings
        ),
        reviews=reviews(rng, margins, found.plans),
    )
