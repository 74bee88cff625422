-- One row: a day of a course, with whether the row repeats another.
with printed as (
    select
        *,
        held_date as last_event_date,
        count(*) over (partition by course, staff_role, held_date) as alike
    from parsed.training
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
        printed.record as training_record,
        try_cast(printed.people_count as integer) as people_count,
        printed.alike,
        printed.reference_date,
        day.day_count,
        printed.last_event_date,
        day.second_last_event_date
    from printed
    cross join day
)

select * from final
