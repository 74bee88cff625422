"""How far a service's pace strays from the weeks that it is drawn from, learned from past misses.

Weeks drawn in blocks of four even out over half a year; a real service that is faster or slower
than in the year before often stays so. What forecasts of past days missed by, beyond the range of
their own draws, says by how many cases a week.
docs/methods.md, "When will the backlog clear?".
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

# An 80% range of a normal distribution is so many standard deviations wide.
RANGE_WIDTH = 2.563
# From fewer misses than that nothing is learned, and the draws stand alone.
LEAST_MISSES = 12


def stray(misses: ArrayLike, widths: ArrayLike, weeks: ArrayLike) -> float:
    """One standard deviation of a run's lasting distance from the drawn pace, in cases a week.

    A pace that is off by one case a week is off by as many cases as weeks have passed, so distant
    misses tell more than near ones.

    misses: actual less forecast, in cases; widths: of the 80% range, in cases; weeks: ahead.
    """
    apart, own = np.asarray(misses, np.float64), np.asarray(widths, np.float64) / RANGE_WIDTH
    if len(apart) < LEAST_MISSES:
        return 0.0
    unexplained = float(np.sum(apart**2 - own**2))
    return math.sqrt(max(unexplained, 0.0) / float(np.sum(np.asarray(weeks, np.float64) ** 2)))
