"""The plan's milestones, with what a chance by the simulated queue takes to hold."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards import formats
from dashboards.context import Context
from dashboards.queries import backlog, plan
from dashboards.queries.frozen import records
from dashboards.queries.taken_to_hold import conditions
from dashboards.words.milestone import QUEUED

_AS_NOW = "as-now"
_GOES_ON = "things go on as in the past year"
# Of a release from before the release named it.
_NOT_NAMED = "what the council had declared by then is done"


def promises(page: Context, la_code: str) -> pd.DataFrame:
    """The rows of queries.plan.milestones, with three columns more.

    chance_scenario: what is taken to hold, empty where no scenario is. chance_as_now: the chance
    if things go on as in the past year, beside one that takes something else to hold. queue_start:
    from which count and day the queue of overdue cases starts, for readers of its own forecast.
    """
    rows = plan.milestones(page.key, la_code, page.read_on).join(
        conditions(page.key, la_code), on="milestone"
    )
    is_queued, is_stated = rows["chance_from"].isin(list(QUEUED)), rows["chance"].notna()
    scenario = (
        rows["chance_scenario"].astype(object).mask(rows["chance_detail"] == _AS_NOW, _GOES_ON)
    )
    scenario = scenario.mask(is_queued & scenario.isna(), _NOT_NAMED)
    return rows.assign(
        chance_scenario=scenario.where(is_stated).fillna(""),
        chance_as_now=rows["chance_as_now"].astype(float).where(is_stated),
        queue_start=_queue_start(page, la_code) if is_queued.any() else "",
    )


def next_promises(page: Context, la_code: str) -> dict[str, dict[str, Any]]:
    """Of each whole measure the milestone that comes next or, once all are decided, the last."""
    chosen: dict[str, dict[str, Any]] = {}
    for row in sorted(records(promises(page, la_code)), key=_day):
        if row["breakdown_topic"] != "All" or not row["kpi"]:
            continue
        kept = chosen.get(row["kpi"])
        if kept is None or kept["plan_status"] in ("met", "missed"):
            chosen[row["kpi"]] = row
    return chosen


def _day(row: dict[str, Any]) -> str:
    return str(row["current_due_date"])


def _queue_start(page: Context, la_code: str) -> str:
    """'20 on 31 January 2026'; empty for readers who have no forecast of the queue."""
    held = backlog.forecasts(page.key, la_code)
    if held.empty:
        return ""
    first = held.iloc[0]
    return f"{int(first['overdue_count']):,} on {formats.day(first['queue_date'])}"
