-- One row: of the children referred to early support in a period, how many had no plan 6, 12 or 24
-- months later, from the newest return of the council. Counted are referrals old enough that the
-- months have passed, of children who had no plan then; the others are in neither number.
with months_later (months_after) as (
    select *
    from (values (6), (12), (24))
),

episode as (
    select
        support_path.file_id,
        support_path.pseudonym,
        support_path.support_kind,
        support_path.referral_date,
        months_later.months_after,
        coalesce(
            support_path.plan_date
            <= support_path.referral_date + months_later.months_after * interval 1 month, false
        ) as has_plan
    from core.support_path
    cross join months_later
    where
        not support_path.had_plan_before
        and support_path.referral_date + months_later.months_after * interval 1 month
        <= support_path.followed_until
),

grouped as (
    select
        *,
        'All' as breakdown_topic,
        'All' as group_key
    from episode
    union all
    select
        *,
        'Support kind' as breakdown_topic,
        support_kind as group_key
    from episode
),

slot as (
    select
        service_slot.*,
        months_later.months_after
    from core.service_slot
    inner join core.service_return
        on service_slot.file_id = service_return.file_id and service_return.is_newest
    cross join months_later
    where service_slot.dataset = 'early_support' and not service_slot.is_stock
),

placed as (
    select
        slot.file_id,
        slot.months_after,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        grouped.pseudonym,
        grouped.has_plan,
        coalesce(grouped.referral_date between slot.first_day and slot.last_day, false)
            as is_counted
    from slot
    left join grouped
        on
            slot.file_id = grouped.file_id
            and slot.months_after = grouped.months_after
            and slot.breakdown_topic = grouped.breakdown_topic
            and slot.group_key = grouped.group_key
),

-- A child referred twice in the period needed a plan if one of the two led to it.
child as (
    select
        file_id,
        months_after,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        pseudonym,
        bool_or(has_plan and is_counted) as has_plan,
        bool_or(is_counted) as is_counted
    from placed
    group by
        file_id,
        months_after,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        pseudonym
),

summed as (
    select
        file_id,
        months_after,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        count(*) filter (where is_counted) as followed,
        count(*) filter (where is_counted and not has_plan) as without_plan
    from child
    group by
        file_id,
        months_after,
        period_kind,
        period,
        breakdown_topic,
        breakdown
),

final as (
    select
        file_id,
        part || '_' || cast(months_after as varchar) || '_months' as indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(figure as decimal(18, 6)) as value
    from summed
    unpivot (figure for part in (followed, without_plan))
)

select * from final
