-- One row: what the simulated queue, worked oldest first, would have said on an earlier day, by
-- the months of that day and of the day it speaks of. An untested rate on time is empty.
-- Asked for: la_code.
with final as (
    select
        strftime(backlog_test.queue_date, '%Y-%m') as from_month,
        strftime(backlog_test.target_date, '%Y-%m') as to_month,
        cast(backlog_test.overdue_p10 as double) as overdue_p10,
        cast(backlog_test.overdue_p50 as double) as overdue_p50,
        cast(backlog_test.overdue_p90 as double) as overdue_p90,
        cast(backlog_test.actual_count as double) as actual_count,
        cast(backlog_test.on_time_pct_p10 as double) as on_time_pct_p10,
        cast(backlog_test.on_time_pct_p50 as double) as on_time_pct_p50,
        cast(backlog_test.on_time_pct_p90 as double) as on_time_pct_p90,
        cast(backlog_test.actual_on_time_pct as double) as actual_on_time_pct
    from marts.backlog_test
    inner join asked_for on backlog_test.la_code = asked_for.la_code
    where backlog_test.work_order = 'oldest_first'
)

select * from final
order by from_month, to_month
