-- One row: a figure of early support, from one return of the council: referrals of the period, and
-- children whose support had begun. A child counts once, however often it was referred; in the
-- twelve months up to a day it counts if its support had not ended before them.
with grouped as (
    select
        *,
        'All' as breakdown_topic,
        'All' as group_key
    from core.early_support
    union all
    select
        *,
        'Support kind' as breakdown_topic,
        support_kind as group_key
    from core.early_support
),

placed as (
    select
        slot.file_id,
        slot.is_stock,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        grouped.pseudonym,
        coalesce(grouped.referral_date between slot.first_day and slot.last_day, false)
            as is_referred,
        coalesce(grouped.support_start_date <= slot.last_day, false) as has_begun,
        coalesce(grouped.support_end_date >= slot.first_day, true) as goes_on,
        coalesce(grouped.support_end_date > slot.last_day - interval 12 month, true)
            as went_on_in_year
    from core.service_slot as slot
    left join grouped
        on
            slot.file_id = grouped.file_id
            and slot.breakdown_topic = grouped.breakdown_topic
            and slot.group_key = grouped.group_key
    where slot.dataset = 'early_support'
),

summed as (
    select
        file_id,
        is_stock,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        count(*) filter (where is_referred) as referrals,
        count(distinct case when has_begun and goes_on then pseudonym end) as children,
        count(distinct case when has_begun then pseudonym end) as children_to_date,
        count(distinct case when has_begun and went_on_in_year then pseudonym end)
            as children_12_months
    from placed
    group by
        file_id,
        is_stock,
        period_kind,
        period,
        breakdown_topic,
        breakdown
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
    unpivot (
        figure for indicator in (referrals, children, children_to_date, children_12_months)
    )
    where is_stock = (indicator in ('children_to_date', 'children_12_months'))
)

select * from final
