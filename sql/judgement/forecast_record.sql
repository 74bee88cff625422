-- One row: a statement about the future of one authority whose outcome has come.
-- Asked for: kpi, la_code.
with final as (
    select
        forecast_score.stated_kind,
        forecast_score.kpi,
        cast(forecast_score.value_p10 as double) as lower_value,
        cast(forecast_score.value_p50 as double) as middle_value,
        cast(forecast_score.value_p90 as double) as upper_value,
        cast(forecast_score.origin_value as double) as naive_value,
        cast(forecast_score.actual_value as double) as actual_value,
        cast(forecast_score.chance as double) as chance,
        cast(cast(forecast_score.has_happened as integer) as double) as happened
    from marts.forecast_score
    inner join asked_for
        on
            forecast_score.kpi = asked_for.kpi
            and forecast_score.la_code = asked_for.la_code
    where forecast_score.actual_value is not null or forecast_score.has_happened is not null
)

select * from final
order by kpi, stated_kind
