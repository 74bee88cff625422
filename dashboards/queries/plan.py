"""The delivery plan: its actions with their measures, its milestones, and what was said of them.

Everything is read for one authority: a release may hold the plan of another. What officers wrote
in the plan's log is in their file only.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of
from dashboards.role import Role
from pipelines.registry.plan_day import AWAITED, status_on


@cached
def actions(key: Key, la_code: str) -> pd.DataFrame:
    """One row an action and measure, in the plan's order, with the measure's newest value.

    newest_decimals: with which that value is printed; protected percentages are whole.
    target_area_name: of the area whose figure is the target, where it is no number.
    measured_from: the source of the measure, held or not.
    """
    return frame_of(
        key,
        """
        select
            * replace (
                cast(baseline_value as double) as baseline_value,
                cast(target_value as double) as target_value,
                cast(newest_value as double) as newest_value
            ),
            (
                select max(area_name)
                from marts.area
                where coalesce(area.la_code, area.area_code) = plan_action.target_area_key
            ) as target_area_name,
            (
                select max(source_text) from marts.measure where measure.kpi = plan_action.kpi
            ) as measured_from,
            case
                when newest_value_source = 'council' and unit = 'percent' and not ? then 0
                else decimals
            end as newest_decimals
        from marts.plan_action
        where la_code = ?
        order by position
        """,
        (key.role == Role.OFFICER, la_code),
    )


@cached
def milestones(key: Key, la_code: str, read_on: date) -> pd.DataFrame:
    """One row a milestone, in the plan's order: as promised, as it stands, its status and chance.

    plan_status to why_not are of the milestone as it stands. plan_status is awaited where it is
    open and its day has passed when it is read, and has no chance any more; the sample county's
    time ends with its newest file, so none of its milestones is. first_status and first_chance:
    of the milestone as first promised. likely_low and likely_high: the 80% range, on its day,
    of the forecast that the chance rests on. newest_decimals: with which its figures are
    printed; protected percentages are whole. is_kept_back: whether officers may read more of
    the measure's figures than this reader.
    """
    rows = frame_of(
        key,
        """
        select
            milestone.* replace (
                cast(milestone.original_value as double) as original_value,
                cast(milestone.current_value as double) as current_value,
                cast(milestone.level_value as double) as level_value,
                cast(milestone.deciding_value as double) as deciding_value
            ),
            now.plan_status,
            cast(now.chance as double) as chance,
            now.chance_from,
            now.chance_detail,
            now.reached_month_p10,
            now.reached_month_p50,
            now.reached_month_p90,
            now.why_not,
            likely.period as likely_period,
            cast(likely.value_p10 as double) as likely_low,
            cast(likely.value_p90 as double) as likely_high,
            first.plan_status as first_status,
            cast(first.chance as double) as first_chance,
            cast(first.level_value as double) as first_level_value,
            case
                when milestone.newest_value_source = 'council'
                    and milestone.unit = 'percent' and not ? then 0
                else milestone.decimals
            end as newest_decimals,
            coalesce(milestone.newest_value_source = 'council', false)
            and not ? as is_kept_back
        from marts.plan_milestone as milestone
        inner join marts.plan_status as now
            on milestone.la_code = now.la_code
            and milestone.milestone = now.milestone
            and now.plan_version = 'current'
        inner join marts.plan_status as first
            on milestone.la_code = first.la_code
            and milestone.milestone = first.milestone
            and first.plan_version = 'original'
        left join marts.forecast_value as likely
            on now.chance_from = 'forecast'
            and now.chance_detail = likely.forecast
            and likely.period in (
                strftime(milestone.current_due_date, '%Y'),
                strftime(milestone.current_due_date, '%Y-%m'),
                strftime(milestone.current_due_date, '%Y-R12-%m')
            )
        where milestone.la_code = ?
        order by milestone.position
        """,
        (key.role == Role.OFFICER, key.role == Role.OFFICER, la_code),
    )
    told = zip(rows["plan_status"], rows["current_due_date"], strict=True)
    statuses = [status_on(read_on, status, due.date(), la_code) for status, due in told]
    rows = rows.assign(plan_status=statuses)
    return rows.assign(chance=rows["chance"].mask(rows["plan_status"] == AWAITED))


@cached
def values(key: Key, la_code: str) -> pd.DataFrame:
    """Every value of the plan's measures: plan_measure, period_kind, period, period_label, value.

    Of a count of a day months and years stand in one row of time, each period once.
    """
    return frame_of(
        key,
        """
        select
            plan_measure, period_kind, period, period_label,
            cast(value as double) as value, source, vintage
        from marts.plan_value
        where la_code = ?
        order by plan_measure, period
        """,
        (la_code,),
    )


@cached
def notes(key: Key, la_code: str) -> pd.DataFrame:
    """What was said of the actions and every move of a milestone, the newest first.

    A public file holds only what a document reported: officers' notes and moves are theirs.
    """
    return frame_of(
        key,
        """
        select
            entry_kind, entry_number, made_at, author_role, plan_action, milestone, note_text,
            source_document, old_due_date, new_due_date,
            cast(old_value as double) as old_value, cast(new_value as double) as new_value
        from marts.plan_note
        where la_code = ?
        order by made_at desc, entry_number desc
        """,
        (la_code,),
    )
