-- One row: places of one kind, phase and status that open, or are to open, in a month, by the
-- council's newest return. The month is empty where no day is known.
with placed as (
    select
        place.la_code,
        place.provision_kind,
        place.school_phase,
        place.place_status,
        place.plan_action,
        place.place_count,
        service_return.vintage,
        substr(
            cast(
                case
                    when place.place_status = 'delivered'
                        then coalesce(place.open_date, service_return.reference_date)
                    else place.planned_open_date
                end as varchar
            ), 1, 7
        ) as opening_month
    from core.place
    inner join core.service_return
        on place.file_id = service_return.file_id and service_return.is_newest
    where place.place_status <> 'withdrawn'
),

final as (
    select
        la_code,
        provision_kind,
        school_phase,
        place_status,
        plan_action,
        opening_month,
        max(vintage) as vintage,
        cast(sum(place_count) as integer) as place_count
    from placed
    group by la_code, provision_kind, school_phase, place_status, plan_action, opening_month
)

select * from final
order by la_code, provision_kind, opening_month
