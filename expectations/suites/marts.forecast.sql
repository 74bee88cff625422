-- One row: how many forecasts are at fault, by what is wrong.
with valued as (
    select
        forecast,
        count(*) as value_count
    from marts.forecast_value
    group by forecast
),

first_shown as (
    select
        kpi,
        la_code,
        period_kind,
        count(*) as shown_count
    from marts.forecast
    where is_shown_first
    group by kpi, la_code, period_kind
),

final as (
    select
        count(*) as row_count,
        count(*) filter (
            where (valued.forecast is null) <> (forecast.why_not is not null)
        ) as neither_forecast_nor_reason,
        (select count(*) from first_shown where shown_count > 1) as shown_twice
    from marts.forecast
    left join valued on forecast.forecast = valued.forecast
)

select * from final
