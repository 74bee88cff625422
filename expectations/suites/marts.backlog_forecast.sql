-- One row: how many forecasts of the backlog are at fault, by what is wrong.
with being_done as (
    select la_code
    from marts.backlog_forecast
    group by la_code
    having count(distinct case when is_being_done then scenario end) <> 1
),

final as (
    select
        count(*) as row_count,
        count(*) filter (
            where
            clear_date_p10 > clear_date_p50
            or clear_date_p50 > clear_date_p90
            or (clear_date_p10 is null and clear_date_p50 is not null)
            or (clear_date_p50 is null and clear_date_p90 is not null)
        ) as dates_out_of_order,
        count(*) filter (
            where
            never_share not between 0 and 1
            or back_share not between 0 and 1
            or chance not between 0 and 1
        ) as shares_out_of_range,
        (select count(*) from being_done) as not_one_being_done
    from marts.backlog_forecast
)

select * from final
