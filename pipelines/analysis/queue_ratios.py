"""Three plain ratios that say whether a queue can shrink at all, before anything is simulated.

In weeks and cases a week. Source: Fong et al. 2022, as in NHSRwaitinglist; docs/methods.md, "When
will the backlog clear?".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.queue_weeks import DUE_WEEKS

TARGET_FACTOR = 4


def load(arrivals: ArrayLike, completions: ArrayLike) -> float:
    """Arrivals for each completion over the same weeks; from 1 on, the queue grows for ever.

    Infinite where nothing is completed.
    """
    done = float(np.sum(completions))
    return float(np.sum(arrivals)) / done if done > 0 else float("inf")


def target_queue(arrivals_a_week: float, target_weeks: float = DUE_WEEKS) -> float:
    """The queue under which nearly every case is seen to within target_weeks of arriving."""
    return arrivals_a_week * target_weeks / TARGET_FACTOR


def relief_capacity(
    queue_size: float, arrivals_a_week: float, weeks: float, target_weeks: float = DUE_WEEKS
) -> float:
    """Completions a week that bring a queue down to its target in so many weeks.

    At or below the target no relief is needed, and arrivals are what must be kept up with.
    """
    too_many = max(0.0, queue_size - target_queue(arrivals_a_week, target_weeks))
    return arrivals_a_week + too_many / weeks
