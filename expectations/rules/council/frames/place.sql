-- One row: places of one kind and status, with whether the row repeats another.
with printed as (
    select
        *,
        open_date as last_event_date,
        count(*) over (
            partition by place_scheme, urn, provision_kind, school_phase, place_status
        ) as alike
    from parsed.place
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
        printed.record as place_record,
        printed.urn,
        printed.place_status,
        try_cast(printed.place_count as integer) as place_count,
        printed.planned_open_date,
        printed.open_date,
        printed.alike,
        printed.urn in (select establishment.urn from reference.establishment) as is_known_school,
        (select count(*) from reference.establishment) > 0 as has_register,
        printed.reference_date,
        day.day_count,
        printed.last_event_date,
        day.second_last_event_date
    from printed
    cross join day
)

select * from final
