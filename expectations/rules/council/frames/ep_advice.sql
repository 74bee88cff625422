-- One row: a piece of advice asked for, with whether the row repeats another.
with printed as (
    select
        *,
        greatest(requested_date, received_date) as last_event_date,
        count(*) over (
            partition by upn, uln, surname, forename, birth_date, advice_kind, requested_date
        ) as alike
    from parsed.ep_advice
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
        printed.record as ep_advice_record,
        printed.requested_date,
        printed.due_date,
        printed.received_date,
        printed.alike,
        printed.reference_date,
        day.day_count,
        printed.last_event_date,
        day.second_last_event_date
    from printed
    cross join day
)

select * from final
