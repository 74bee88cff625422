"""What the forecasts say of a measure in the years or months to come."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def forecasts(key: Key, kpi: str, la_code: str) -> pd.DataFrame:
    """The forecasts of one measure and authority that a reader meets first, one a kind of period.

    why_not says why there is none; forecast_note which rule was chosen and what it is worth.
    """
    return frame_of(
        key,
        """
        select
            forecast, period_kind, forecast_basis, origin_period,
            cast(origin_value as double) as origin_value, why_not, forecast_note
        from marts.forecast
        where kpi = ? and la_code = ? and is_shown_first
        order by
            case period_kind when 'stock' then 0 when 'flow' then 0 when 'rolling_year' then 1
                else 2 end,
            case forecast_basis when 'matched_returns' then 0 else 1 end
        """,
        (kpi, la_code),
    )


@cached
def forecast_values(key: Key, forecast: str) -> pd.DataFrame:
    """The range of one forecast by period: period_kind, period, value_p10, value_p50, value_p90."""
    return frame_of(
        key,
        """
        select
            period_kind, period, forecast_model,
            cast(value_p10 as double) as value_p10,
            cast(value_p50 as double) as value_p50,
            cast(value_p90 as double) as value_p90
        from marts.forecast_value
        where forecast = ?
        order by period
        """,
        (forecast,),
    )


@cached
def signs(key: Key, la_code: str) -> pd.DataFrame:
    """Where each whole measure of an authority stands on its control chart, years and months.

    One row a measure and kind of period; variation is empty where there are no limits, and
    spc_standing says why.
    """
    return frame_of(
        key,
        """
        select
            kpi, period_kind, point_count, latest_period, stretch_first_period,
            stretch_point_count, spc_standing, spc_rule, variation, assurance, opened_by
        from marts.spc_series
        where la_code = ? and breakdown_topic = 'All' and breakdown = 'All'
        order by kpi, case period_kind when 'month' then 0 else 1 end
        """,
        (la_code,),
    )


@cached
def queue(key: Key, la_code: str, scenario: str) -> pd.DataFrame:
    """The simulated queue of overdue cases at the end of each month of its first year.

    Worked oldest first, as the chance of a milestone is told. For officers only: a public file has
    no such table. Every row repeats the scenario's title, its note and the day it starts from.
    """
    return frame_of(
        key,
        """
        select
            strftime(week.week_end, '%Y-%m') as period,
            cast(arg_max(week.overdue_p10, week.week_end) as double) as value_p10,
            cast(arg_max(week.overdue_p50, week.week_end) as double) as value_p50,
            cast(arg_max(week.overdue_p90, week.week_end) as double) as value_p90,
            any_value(forecast.scenario_title) as scenario_title,
            any_value(forecast.forecast_note) as forecast_note
        from marts.backlog_week as week
        inner join marts.backlog_forecast as forecast
            on week.la_code = forecast.la_code
            and week.scenario = forecast.scenario
            and week.work_order = forecast.work_order
        where
            week.la_code = ? and week.scenario = ? and week.work_order = 'oldest_first'
            and week.week_end <= forecast.queue_date + interval 1 year
        group by all
        having count(*) > 1
        order by period
        """,
        (la_code, scenario),
    )


@cached
def queue_rate(key: Key, la_code: str, kpi: str) -> pd.DataFrame:
    """The rate on time that follows from the same queue, in the years of the plan's milestones.

    With the columns of `queue`, and for officers only like it.
    """
    return frame_of(
        key,
        """
        select distinct
            year(chance.milestone_due) || '-R12-12' as period,
            cast(chance.value_p10 as double) as value_p10,
            cast(chance.value_p50 as double) as value_p50,
            cast(chance.value_p90 as double) as value_p90,
            forecast.scenario_title,
            chance.forecast_note
        from marts.backlog_chance as chance
        inner join marts.backlog_forecast as forecast
            on chance.la_code = forecast.la_code
            and chance.scenario = forecast.scenario
            and forecast.work_order = 'oldest_first'
        where
            chance.la_code = ? and chance.kpi = ? and chance.plan_version = 'current'
            and chance.is_deciding and chance.value_p50 is not null
        order by period
        """,
        (la_code, kpi),
    )
