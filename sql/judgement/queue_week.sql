-- One row: a whole week of a council's queue, oldest first.
with final as (
    select
        la_code,
        week_start,
        joined_agreed,
        joined_undecided,
        not_joined,
        finished_count,
        late_count,
        finished_count + left_count + cast(left_estimated as double) as completions,
        is_estimated
    from core.queue_week
)

select * from final
order by la_code, week_start
