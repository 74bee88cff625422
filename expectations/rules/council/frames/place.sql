-- One row: places of one kind and status, with whether the row repeats another.
with printed as (
    select
        *,
        count(*) over (
            partition by place_scheme, urn, provision_kind, school_phase, place_status
        ) as alike
    from parsed.place
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
        printed.urn in (select urn from reference.establishment) as is_known_school,
        (select count(*) from reference.establishment) > 0 as has_register
    from printed
)

select * from final
