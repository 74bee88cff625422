"""A return as it was first sent, before what was entered late: some hundred records differ.

What happened in the last weeks of the year had not been entered when the return was made: plans
that began or ended, decisions on requests and after reviews. The restated return has it all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.synthetic.county import County
from pipelines.synthetic.draw import Days, Flags, Places, census_day, day_of, pick

RESTATED_YEAR = 2025
ENTERED_AFTER_DAYS = 20
# Of what happened from this day on, the part that was entered late.
LATELY = (10, 1)
LATE_STARTS, LATE_ENDS, LATE_REVIEWS, LATE_DECISIONS = 0.25, 0.4, 0.18, 0.12


def as_first_sent(county: County, year: int) -> County:
    """The county as its records stood on the day of the census."""
    rng = np.random.default_rng((county.seed, 7, year))
    first, last = day_of(year - 1, *LATELY), day_of(year - 1, 12, 31)

    def late(days: Days, among: Flags, share: float) -> Places:
        fresh = among & (days >= first) & (days <= last)
        return pick(rng, fresh, round(share * int(fresh.sum())))

    entered = census_day(year) + ENTERED_AFTER_DAYS
    plans, requests, assessed = county.plans, county.requests, county.assessed
    started = late(plans.start, plans.request >= 0, LATE_STARTS)
    ended = late(plans.ceased, np.ones(len(plans), dtype=np.bool_), LATE_ENDS)
    decided = late(requests.decided, assessed.outcome == "", LATE_DECISIONS)
    place = next(at for at, item in enumerate(county.reviews) if _is_of(item.meeting, year - 1))
    rounds = list(county.reviews)
    reviewed = late(rounds[place].decision, plans.start < first, LATE_REVIEWS)
    decision = _moved(rounds[place].decision, reviewed, entered)
    rounds[place] = replace(rounds[place], decision=decision)
    return replace(
        county,
        plans=replace(
            plans,
            start=_moved(plans.start, started, entered),
            ceased=_moved(plans.ceased, ended, entered),
        ),
        requests=replace(requests, decided=_moved(requests.decided, decided, entered)),
        assessed=replace(assessed, ended=_moved(assessed.ended, plans.request[started], entered)),
        reviews=tuple(rounds),
    )


def _is_of(days: Days, year: int) -> bool:
    known = days[~np.isnat(days)]
    return len(known) > 0 and bool(
        (known.astype("datetime64[Y]").astype(np.int64) == year - 1970).all()
    )


def _moved(days: Days, places: Places, to: np.datetime64) -> Days:
    found = days.copy()
    found[places] = to
    return found
