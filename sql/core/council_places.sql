-- One row: a figure of places, from one return of the council. Places are open when their status
-- says so, from the day on which they opened; where no day is given, from the day of the return.
-- What is funded or planned is known for the return's own month only.
with held as (
    select
        place.file_id,
        place.place_status,
        place.place_count,
        coalesce(place.open_date, service_return.reference_date) as opened_on,
        place.provision_kind,
        place.school_phase,
        place.plan_action
    from core.place
    inner join core.service_return on place.file_id = service_return.file_id
),

grouped as (
    select
        *,
        'All' as breakdown_topic,
        'All' as group_key
    from held
    union all
    select
        *,
        'Provision kind' as breakdown_topic,
        provision_kind as group_key
    from held
    union all
    select
        *,
        'School phase' as breakdown_topic,
        school_phase as group_key
    from held
    union all
    select
        *,
        'Plan action' as breakdown_topic,
        plan_action as group_key
    from held
),

summed as (
    select
        slot.file_id,
        slot.is_stock,
        slot.is_own_month,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        coalesce(
            sum(grouped.place_count) filter (
                where grouped.place_status = 'delivered' and grouped.opened_on <= slot.last_day
            ), 0
        ) as places_open,
        coalesce(
            sum(grouped.place_count) filter (
                where
                grouped.place_status = 'delivered'
                and grouped.opened_on between slot.first_day and slot.last_day
            ), 0
        ) as places_opened,
        coalesce(
            sum(grouped.place_count) filter (where grouped.place_status = 'funded'), 0
        ) as places_funded,
        coalesce(
            sum(grouped.place_count) filter (where grouped.place_status = 'planned'), 0
        ) as places_planned
    from core.service_slot as slot
    left join grouped
        on
            slot.file_id = grouped.file_id
            and slot.breakdown_topic = grouped.breakdown_topic
            and slot.group_key = grouped.group_key
    where slot.dataset = 'places'
    group by
        slot.file_id,
        slot.is_stock,
        slot.is_own_month,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown
),

final as (
    select
        file_id,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(figure as decimal(18, 6)) as value
    from summed
    unpivot (figure for indicator in (places_open, places_opened, places_funded, places_planned))
    where
        is_stock = (indicator <> 'places_opened')
        and (is_own_month or indicator in ('places_open', 'places_opened'))
)

select * from final
