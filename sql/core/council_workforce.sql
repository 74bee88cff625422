-- One row: a figure of posts in full-time equivalents, from one return of the council. Whether a
-- post is filled is known on the day of the return: a filled post counts as filled since it began,
-- and each month is told by the first return that has it behind it, because a later one no longer
-- knows who has left in between.
with grouped as (
    select
        *,
        'All' as breakdown_topic,
        'All' as group_key
    from core.workforce
    union all
    select
        *,
        'Staff role' as breakdown_topic,
        staff_role as group_key
    from core.workforce
),

summed as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        coalesce(sum(grouped.full_time_equivalent), 0) as posts,
        coalesce(sum(grouped.full_time_equivalent) filter (where grouped.is_filled), 0)
            as posts_filled,
        coalesce(sum(grouped.full_time_equivalent) filter (where not grouped.is_filled), 0)
            as posts_vacant
    from core.service_slot as slot
    left join grouped
        on
            slot.file_id = grouped.file_id
            and slot.breakdown_topic = grouped.breakdown_topic
            and slot.group_key = grouped.group_key
            and slot.last_day >= grouped.post_start_date
            and coalesce(grouped.post_end_date, slot.last_day) >= slot.last_day
    where slot.dataset = 'workforce' and slot.is_stock and slot.is_nearest
    group by
        slot.file_id,
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
    unpivot (figure for indicator in (posts, posts_filled, posts_vacant))
)

select * from final
