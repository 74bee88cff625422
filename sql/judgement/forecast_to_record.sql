-- One row: what a release expects in one period, with what was known when it was made. Public is
-- what stands in the release's public file to the last digit.
with shown as (
    select
        forecast.forecast,
        forecast.kpi,
        forecast.la_code,
        forecast.area_code,
        forecast.period_kind,
        forecast.forecast_basis,
        forecast.origin_period,
        forecast.origin_value,
        forecast_value.period,
        forecast_value.ahead,
        forecast_value.forecast_model,
        forecast_value.value_p10,
        forecast_value.value_p50,
        forecast_value.value_p90
    from officer_file.marts.forecast
    inner join officer_file.marts.forecast_value
        on forecast.forecast = forecast_value.forecast
    where forecast.is_shown_first
),

final as (
    select
        asked_for.release_id,
        asked_for.made_at,
        public_value.forecast is not null as is_public,
        shown.forecast,
        shown.kpi,
        shown.la_code,
        shown.area_code,
        shown.period_kind,
        shown.forecast_basis,
        shown.origin_period,
        shown.origin_value,
        shown.period,
        shown.ahead,
        shown.forecast_model,
        shown.value_p10,
        shown.value_p50,
        shown.value_p90
    from shown
    cross join asked_for
    left join public_file.marts.forecast_value as public_value
        on
            shown.forecast = public_value.forecast
            and shown.period = public_value.period
            and shown.value_p10 = public_value.value_p10
            and shown.value_p50 = public_value.value_p50
            and shown.value_p90 = public_value.value_p90
)

select * from final
order by forecast, period
