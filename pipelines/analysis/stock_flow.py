"""What would it take, from published totals alone? New plans in a setting against those there now.

Of the plans in mainstream schools in one January, a part is still there in the next; the rest
ended, moved or grew out of school. What is there besides came from new plans. That is enough to
say which share of new plans a share of all plans asks for. cohort.py answers the same from rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.analysis.ranges import Floats


@dataclass(frozen=True)
class NewShare:
    """The share of new plans that reaches a goal.

    Args:
        needed_pct: per cent of new plans, each year; None where even all of them do not suffice.
        reached_pct: the share of all plans in the last year: the goal, or what all of them reach.
        kept_share: the part of a January's plans in the setting still there in the next.
    """

    needed_pct: float | None
    reached_pct: float
    kept_share: float


def kept_share(in_setting: ArrayLike, new_in_setting: ArrayLike) -> float:
    """The part of a January's plans that are in the same setting in the next, over all years.

    in_setting: shape (years,), plans in the setting each January.
    new_in_setting: shape (years - 1,), new plans placed there in the calendar year between.
    """
    stock = np.asarray(in_setting, np.float64)
    return float((stock[1:] - np.asarray(new_in_setting, np.float64)).sum() / stock[:-1].sum())


def new_share_needed(
    in_setting: float, kept: float, new_plans: ArrayLike, plans_at_end: float, goal_pct: float
) -> NewShare:
    """Solve for the share of new plans, the same each year, that reaches the goal at the end.

    in_setting: plans in the setting in the last January known.
    new_plans: shape (years ahead,), new plans expected in each calendar year.
    plans_at_end: all plans expected in the January at the end.
    A goal that is reached without any new plan there needs 0 per cent.
    """
    new = np.asarray(new_plans, np.float64)
    remaining: Floats = kept ** np.arange(len(new) - 1, -1, -1, dtype=np.float64)
    stay, most = in_setting * kept ** len(new), float(new @ remaining)
    needed = max(0.0, (goal_pct / 100 * plans_at_end - stay) / most)
    reached = 100 * (stay + min(needed, 1.0) * most) / plans_at_end
    return NewShare(100 * needed if needed <= 1 else None, reached, kept)
