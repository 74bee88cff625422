-- One row: a post, with whether the row repeats another.
with printed as (
    select
        *,
        post_start_date as last_event_date,
        count(*) over (partition by post_code, post_start_date) as alike
    from parsed.workforce_post
),

day as (
    select
        count(distinct reference_date) as day_count,
        list_reverse_sort(
            list(distinct last_event_date) filter (where last_event_date is not null)
        )[2] as second_last_event_date
    from printed
),

final as (
    select
        printed.record as workforce_post_record,
        try_cast(printed.full_time_equivalent as decimal(18, 6)) as full_time_equivalent,
        printed.post_start_date,
        printed.post_end_date,
        printed.is_filled,
        printed.alike,
        printed.reference_date,
        day.day_count,
        printed.last_event_date,
        day.second_last_event_date
    from printed
    cross join day
)

select * from final
