"""The forecast of the backlog as the release holds it, and the queue that it rests on.

For officers' files only: it rests on the weeks of single cases. Other files give empty frames.
"""

from __future__ import annotations

import re

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_if_held, frame_of, is_held
from pipelines.settings import PROJECT_ROOT

_WEEKS = PROJECT_ROOT / "sql" / "core" / "queue_week.sql"
# One row of limits that no release holds beside its rows.
_CLOCK = PROJECT_ROOT / "sql" / "core" / "clock.sql"


@cached
def forecasts(key: Key, la_code: str) -> pd.DataFrame:
    """One row a scenario and order of work: dates of clearance, chances, what it rests on."""
    return frame_if_held(
        key,
        "marts.backlog_forecast",
        """
        select * replace (
            cast(queue_date as date) as queue_date,
            cast(needed_capacity as double) as needed_capacity
        )
        from marts.backlog_forecast
        where la_code = ?
        order by
            case when scenario = 'as-now' then 0 when is_being_done then 1 else 2 end,
            scenario_title, work_order desc
        """,
        (la_code,),
    )


@cached
def weeks(key: Key, la_code: str, scenario: str, work_order: str) -> pd.DataFrame:
    """The simulated weeks of one scenario under one order of work, in their order."""
    return frame_if_held(
        key,
        "marts.backlog_week",
        """
        select * from marts.backlog_week
        where la_code = ? and scenario = ? and work_order = ?
        order by week_number
        """,
        (la_code, scenario, work_order),
    )


@cached
def tests(key: Key, la_code: str) -> pd.DataFrame:
    """What the same forecast would have said on earlier days, beside what came."""
    return frame_if_held(
        key,
        "marts.backlog_test",
        """
        select
            work_order, queue_date, target_date, months_ahead, overdue_count,
            cast(overdue_p10 as double) as overdue_p10,
            cast(overdue_p50 as double) as overdue_p50,
            cast(overdue_p90 as double) as overdue_p90,
            actual_count
        from marts.backlog_test
        where la_code = ?
        order by queue_date, months_ahead, work_order
        """,
        (la_code,),
    )


@cached
def chances(key: Key, la_code: str) -> pd.DataFrame:
    """What the queue, worked oldest first, says of each milestone about it as it stands now.

    One row a milestone, by its day: the range there, and how such forecasts did on earlier days.
    """
    return frame_if_held(
        key,
        "marts.backlog_chance",
        """
        select
            milestone, kpi, milestone_due, is_deciding, forecast_note, origin_count,
            cast(value_p10 as double) as value_p10,
            cast(value_p50 as double) as value_p50,
            cast(value_p90 as double) as value_p90,
            cast(mean_absolute_error as double) as mean_absolute_error,
            cast(coverage_pct as double) as coverage_pct,
            cast(own_months_error as double) as own_months_error
        from marts.backlog_chance
        where la_code = ? and plan_version = 'current'
        order by milestone_due, milestone
        """,
        (la_code,),
        names=("milestone", "kpi"),
    )


@cached
def observed_weeks(key: Key) -> pd.DataFrame:
    """The whole weeks of the queue, oldest first: who joined it and who left.

    A release that does not hold them is asked for them by the house's own select, over its rows of
    cases, so that there is one definition of a week.
    """
    if is_held(key, "cases.queue_week"):
        return frame_of(key, "select * from cases.queue_week order by la_code, week_start")
    if not is_held(key, "cases.request"):
        return pd.DataFrame(columns=["la_code", "week_start"])
    clock = f"(\n{_CLOCK.read_text(encoding='utf-8')}\n) as clock"
    select = _WEEKS.read_text(encoding="utf-8").replace("core.clock", clock)
    return frame_of(key, re.sub(r"\bcore\.", "cases.", select))


@cached
def waiting(key: Key, la_code: str) -> pd.DataFrame:
    """Open cases of the newest day without an exception or dispute: age and stage, youngest first.

    The same cases and the same order as the forecast of the backlog takes.
    """
    return frame_if_held(
        key,
        "cases.open_case",
        """
        select
            open_case.days_open,
            open_case.case_stage = 'awaiting_decision' as is_undecided,
            open_case.is_overdue
        from cases.open_case
        inner join cases.case_return on open_case.file_id = case_return.file_id
        where case_return.is_newest and case_return.la_code = ?
            and case_return.reference_date = (
                select max(reference_date) from cases.case_return
                where is_newest and la_code = case_return.la_code
            )
            and open_case.days_open is not null
            and not open_case.has_week20_exception and not open_case.is_disputed
        order by days_open, is_undecided
        """,
        (la_code,),
        names=("days_open", "is_undecided", "is_overdue"),
    )
