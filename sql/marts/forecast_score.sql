-- One row: a statement about the future of a published release, and what came: a range with the
-- value of its period, or the chance of a milestone with whether it was met. What has not come yet
-- is empty. A forecast of the council's own rows is held against the council's own value.
with actual as (
    select
        kpi,
        area_code,
        period_kind,
        period,
        'published_totals' as forecast_basis,
        value
    from marts.kpi_value
    where is_shown and breakdown_topic = 'All' and breakdown = 'All' and value is not null
    union all
    select
        kpi_value.kpi,
        kpi_value.area_code,
        basis.period_kind,
        kpi_value.period,
        basis.forecast_basis,
        kpi_value.value
    from marts.kpi_value
    inner join (
        values
        ('matched_returns', 'stock', 'stock'),
        ('own_months', 'month', 'month'),
        -- A stock's January stands in the yearly return.
        ('own_months', 'month', 'stock'),
        ('own_months', 'rolling_year', 'rolling_year')
    ) as basis (forecast_basis, period_kind, held_kind)
        on kpi_value.period_kind = basis.held_kind
    where
        kpi_value.source = 'council'
        and kpi_value.is_newest_of_source
        and kpi_value.breakdown_topic = 'All'
        and kpi_value.breakdown = 'All'
        and kpi_value.value is not null
),

came as (
    select
        kpi,
        area_code,
        period_kind,
        period,
        forecast_basis,
        max(value) as value
    from actual
    group by kpi, area_code, period_kind, period, forecast_basis
),

outcome as (
    select
        milestone,
        current_due_date as milestone_due,
        milestone_status = 'met' as has_happened
    from marts.plan_milestone
    where milestone_status in ('met', 'missed')
    union
    select
        milestone,
        original_due_date as milestone_due,
        original_status = 'met' as has_happened
    from marts.plan_milestone
    where original_status in ('met', 'missed')
),

of_values as (
    select
        'range' as stated_kind,
        forecast_made.release_id,
        forecast_made.made_at,
        forecast_made.forecast as stated_about,
        forecast_made.kpi,
        forecast_made.la_code,
        forecast_made.area_code,
        forecast_made.period_kind,
        forecast_made.forecast_basis,
        forecast_made.origin_period,
        forecast_made.period,
        forecast_made.ahead,
        forecast_made.forecast_model,
        forecast_made.value_p10,
        forecast_made.value_p50,
        forecast_made.value_p90,
        forecast_made.origin_value,
        came.value as actual_value,
        cast(forecast_made.value_p50 - came.value as decimal(18, 6)) as forecast_error,
        cast(forecast_made.origin_value - came.value as decimal(18, 6)) as naive_error,
        came.value between forecast_made.value_p10 and forecast_made.value_p90 as is_in_range,
        cast(null as decimal(18, 6)) as chance,
        cast(null as boolean) as has_happened,
        cast(null as decimal(18, 6)) as squared_error
    from core.forecast_made
    left join came
        on
            forecast_made.kpi = came.kpi
            and forecast_made.area_code = came.area_code
            and forecast_made.period_kind = came.period_kind
            and forecast_made.period = came.period
            and forecast_made.forecast_basis = came.forecast_basis
),

of_chances as (
    select
        'chance' as stated_kind,
        chance_made.release_id,
        chance_made.made_at,
        chance_made.milestone || ' by ' || cast(chance_made.milestone_due as varchar)
            as stated_about,
        chance_made.kpi,
        chance_made.la_code,
        cast(null as varchar) as area_code,
        cast(null as varchar) as period_kind,
        cast(null as varchar) as forecast_basis,
        cast(null as varchar) as origin_period,
        substr(cast(chance_made.milestone_due as varchar), 1, 7) as period,
        cast(null as bigint) as ahead,
        cast(null as varchar) as forecast_model,
        cast(null as decimal(18, 6)) as value_p10,
        cast(null as decimal(18, 6)) as value_p50,
        cast(null as decimal(18, 6)) as value_p90,
        cast(null as decimal(18, 6)) as origin_value,
        cast(null as decimal(18, 6)) as actual_value,
        cast(null as decimal(18, 6)) as forecast_error,
        cast(null as decimal(18, 6)) as naive_error,
        cast(null as boolean) as is_in_range,
        chance_made.chance,
        outcome.has_happened,
        cast(
            case
                when outcome.has_happened then (chance_made.chance - 1) * (chance_made.chance - 1)
                when not outcome.has_happened then chance_made.chance * chance_made.chance
            end as decimal(18, 6)
        ) as squared_error
    from core.chance_made
    left join outcome
        on
            chance_made.milestone = outcome.milestone
            and chance_made.milestone_due = outcome.milestone_due
),

final as (
    select * from of_values
    union all
    select * from of_chances
)

select * from final
order by stated_kind, stated_about, origin_period, period, made_at
