-- One row: how many of the choices between rules are at fault, by what is wrong.
with choice as (
    select
        forecast_basis,
        count(*) filter (where is_used) as used_count,
        min(mean_absolute_error) filter (where is_used and is_model) as model_error,
        min(mean_absolute_error) filter (where not is_model) as simple_error
    from marts.forecast_test
    group by
        forecast_basis, kpi, tested_on, period_kind, newer_year_count, is_against_england, ahead
),

final as (
    select
        (select count(*) from marts.forecast_test) as row_count,
        count(*) filter (where used_count <> 1) as not_one_used,
        count(*) filter (
            where forecast_basis = 'published_totals' and model_error >= simple_error
        ) as worse_than_simple
    from choice
)

select * from final
