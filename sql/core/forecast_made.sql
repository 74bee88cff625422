-- One row: what was expected of a measure in one period, in the first published release that said
-- so from the same newest value. The same words in later releases are no further forecasts.
with ordered as (
    select
        *,
        row_number() over (
            partition by forecast, origin_period, period
            order by made_at asc, release_id asc
        ) as place
    from staging.forecast_made
),

final as (
    select
        release_id,
        made_at,
        is_public,
        forecast,
        kpi,
        la_code,
        area_code,
        period_kind,
        forecast_basis,
        origin_period,
        origin_value,
        period,
        ahead,
        forecast_model,
        value_p10,
        value_p50,
        value_p90
    from ordered
    where place = 1
)

select * from final
