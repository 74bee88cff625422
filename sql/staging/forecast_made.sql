-- One row: what a published release expected of a measure in one period.
with final as (
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
    from landing.forecast_made
)

select * from final
