-- One row: a plan amended after a review, with whether the row repeats another.
with printed as (
    select
        *,
        greatest(review_meeting_date, amended_plan_date) as last_event_date,
        count(*) over (
            partition by upn, uln, surname, forename, birth_date, review_meeting_date
        ) as alike
    from parsed.amended_plan
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
        printed.record as amended_plan_record,
        printed.review_meeting_date,
        printed.amended_plan_date,
        printed.alike,
        printed.reference_date,
        day.day_count,
        printed.last_event_date,
        day.second_last_event_date
    from printed
    cross join day
)

select * from final
