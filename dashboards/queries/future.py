"""What might be done, what it would change, which places are to open, and how good a rule was."""

from __future__ import annotations

import pandas as pd

from dashboards.queries.frozen import Key, cached, frame_of


@cached
def scenarios(key: Key, la_code: str, kpi: str) -> pd.DataFrame:
    """What a council's scenarios would do to one measure, with each action's own part.

    scenario_part is baseline, together, action or interaction; change_value is against the
    baseline. A row without a period says in why_not why the scenario could not be worked out;
    forecast_note stands where the model behind it was beaten on past returns.
    """
    return frame_of(
        key,
        """
        select
            scenario, scenario_title, scenario_part, action_title, forecast_basis, kpi, period,
            cast(value_p10 as double) as value_p10,
            cast(value_p50 as double) as value_p50,
            cast(value_p90 as double) as value_p90,
            cast(change_value as double) as change_value,
            is_being_done, why_not, forecast_note
        from marts.scenario
        where la_code = ? and kpi = ? and scenario_part <> 'needed_share'
        order by scenario, period, scenario_part, action_title
        """,
        (la_code, kpi),
    )


@cached
def needed_share(key: Key, la_code: str) -> pd.DataFrame:
    """The share of new plans that would have to name mainstream for the share to equal a goal.

    One row a year: value_p50 is that share; without one, why_not says what stands in the way.
    """
    return frame_of(
        key,
        """
        select
            period, forecast_basis, cast(value_p50 as double) as value_p50,
            cast(goal_value as double) as goal_value, goal_period, why_not
        from marts.scenario
        where la_code = ? and scenario_part = 'needed_share'
        order by period
        """,
        (la_code,),
    )


@cached
def track_record(key: Key, forecast: str) -> pd.DataFrame:
    """How the rule behind one forecast did on past years: at most one row, for one year ahead.

    mean_absolute_error is in error_unit; against_naive is its multiple of that of no change.
    """
    return frame_of(
        key,
        """
        select
            test.forecast_model, test.ahead, test.authority_count, test.origin_count,
            cast(test.mean_absolute_error as double) as mean_absolute_error, test.error_unit,
            cast(test.against_naive as double) as against_naive,
            cast(test.coverage_pct as double) as coverage_pct
        from marts.forecast as forecast
        inner join marts.forecast_test as test
            on forecast.kpi = test.kpi
            and forecast.forecast_basis = test.forecast_basis
            and forecast.period_kind = test.period_kind
            and forecast.newer_year_count = test.newer_year_count
            and (test.tested_on = 'all' or test.tested_on = forecast.la_code)
        where forecast.forecast = ? and test.is_used and test.ahead = 1
            and not test.is_against_england
        limit 1
        """,
        (forecast,),
    )


@cached
def place_pipeline(key: Key, la_code: str) -> pd.DataFrame:
    """Places by kind, status and the month in which they opened or are to open.

    For officers only: a public file has no such table.
    """
    return frame_of(
        key,
        """
        select
            provision_kind, school_phase, place_status, plan_action, opening_month, place_count,
            vintage
        from marts.place_pipeline
        where la_code = ?
        order by opening_month nulls first, provision_kind, school_phase
        """,
        (la_code,),
    )
