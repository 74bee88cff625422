-- One row: how many expected values are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        count(*) filter (
            where not (
                forecast_value.value_p10 <= forecast_value.value_p50
                and forecast_value.value_p50 <= forecast_value.value_p90
            )
        ) as range_out_of_order,
        count(*) filter (
            where forecast_value.value_p10 < 0
            or (measure.unit = 'percent' and forecast_value.value_p90 > 100)
        ) as share_out_of_bounds
    from marts.forecast_value
    left join marts.measure on forecast_value.kpi = measure.kpi
)

select * from final
