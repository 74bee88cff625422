"""The queue that the release's forecast started from, for the reader's own questions.

Built from the same open cases and the same weeks, so that a question that changes nothing gets the
forecast's own answer; where that cannot be had, no question is offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboards.queries import backlog
from dashboards.queries.frozen import Key
from pipelines.analysis.backlog import Queue
from pipelines.analysis.ranges import Floats

# The release keeps six digits.
_EXACT = 1e-5


def queue_of(key: Key, la_code: str, answer: Mapping[str, Any]) -> Queue | None:
    """The queue of the forecast as it runs now; None where the rows do not give the same one.

    answer: a row of queries.backlog.forecasts whose scenario changes nothing.
    """
    weeks = _weeks(backlog.observed_weeks(key), la_code, answer)
    waiting = backlog.waiting(key, la_code)
    if weeks.empty or waiting.empty:
        return None
    share = _agreed_share(weeks)
    queue = Queue(
        age_weeks=_ages(waiting, share),
        arrivals=(weeks["joined_agreed"] + share * weeks["joined_undecided"]).to_numpy(float),
        completions=(
            weeks["finished_count"] + weeks["left_count"] + weeks["left_estimated"].astype(float)
        ).to_numpy(float),
        ready_weeks=float(answer["ready_weeks"]),
        stray=float(answer["stray_a_week"]),
    )
    return queue if _is_same(queue, answer) else None


def _weeks(every: pd.DataFrame, la_code: str, answer: Mapping[str, Any]) -> pd.DataFrame:
    """The weeks that the forecast drew from."""
    own = every[every["la_code"] == la_code].sort_values("week_start")
    first = pd.Timestamp(answer["history_from"])
    last = first + timedelta(weeks=int(answer["history_weeks"]))
    starts = pd.to_datetime(own["week_start"])
    return own[(starts >= first) & (starts < last)]


def _agreed_share(weeks: pd.DataFrame) -> float:
    """Of the requests whose decision is known, the share that was agreed."""
    agreed = float(weeks["joined_agreed"].sum())
    decided = agreed + float(weeks["not_joined"].sum())
    return agreed / decided if decided else 1.0


def _ages(waiting: pd.DataFrame, share: float) -> Floats:
    """Weeks since the request of the cases that will be assessed.

    Of those that await the decision and are not overdue, the share that is usually agreed, evenly
    over their ages.
    """
    is_open_question = (waiting["is_undecided"] & ~waiting["is_overdue"]).to_numpy(bool)
    credit = 0.5 + share * np.cumsum(is_open_question)
    is_kept = ~is_open_question | (np.floor(credit) > np.floor(credit - share))
    ages: Floats = waiting["days_open"].to_numpy(np.float64)[is_kept] / 7
    return ages


def _is_same(queue: Queue, answer: Mapping[str, Any]) -> bool:
    """Whether this is the queue that the release's forecast says it rests on."""
    return (
        len(queue.age_weeks) == int(answer["open_count"])
        and abs(float(queue.arrivals.mean()) - float(answer["arrivals_a_week"])) < _EXACT
        and abs(float(queue.completions.mean()) - float(answer["completions_a_week"])) < _EXACT
    )
