-- One row: a figure of people trained, from one return of the council: those who took part in the
-- period, and all since the first day of training that the return holds. Somebody who came twice
-- counts twice: the return has no names.
with grouped as (
    select
        *,
        'All' as breakdown_topic,
        'All' as group_key
    from core.training
    union all
    select
        *,
        'Staff role' as breakdown_topic,
        staff_role as group_key
    from core.training
    union all
    select
        *,
        'Plan action' as breakdown_topic,
        plan_action as group_key
    from core.training
),

summed as (
    select
        slot.file_id,
        slot.is_stock,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        coalesce(
            sum(grouped.people_count) filter (where grouped.held_date <= slot.last_day), 0
        ) as people_trained_to_date,
        coalesce(
            sum(grouped.people_count) filter (
                where grouped.held_date between slot.first_day and slot.last_day
            ), 0
        ) as people_trained
    from core.service_slot as slot
    left join grouped
        on
            slot.file_id = grouped.file_id
            and slot.breakdown_topic = grouped.breakdown_topic
            and slot.group_key = grouped.group_key
    where slot.dataset = 'training'
    group by
        slot.file_id,
        slot.is_stock,
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
    unpivot (figure for indicator in (people_trained_to_date, people_trained))
    where is_stock = (indicator = 'people_trained_to_date')
)

select * from final
