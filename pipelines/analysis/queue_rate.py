"""The rate on time of a simulated queue over any stretch of weeks, and of a year begun already.

Only cases that are finished count, as in the published rate: those that still wait come later, and
then they are late.
"""

from __future__ import annotations

from pipelines.analysis.queue_weeks import Flow
from pipelines.analysis.ranges import Floats


def rate_on_time(
    flow: Flow, weeks: slice, known_finished: float = 0, known_late: float = 0
) -> Floats:
    """Of the cases finished in these weeks and before them, the percentage in time; shape (runs,).

    known_finished, known_late: cases finished in the same year before the simulation begins. A run
    in which nobody is finished at all is left out.
    """
    finished = flow.finished[weeks].sum(axis=0) + known_finished
    late = flow.late[weeks].sum(axis=0) + known_late
    some = finished > 0
    rate: Floats = 100 * (finished[some] - late[some]) / finished[some]
    return rate
