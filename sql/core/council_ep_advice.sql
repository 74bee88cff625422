-- One row: a figure of advice asked of educational psychologists for assessments, from one return
-- of the council. Advice that came is counted in the period in which it came, with the weeks since
-- it was asked for; what is waited for, and what of it is past its day, is counted at the end of a
-- month. Due is what the return says, otherwise 6 weeks after the request (SI 2014/1530, 8(1)).
with advice as (
    select
        ep_advice.file_id,
        ep_advice.requested_date,
        ep_advice.received_date,
        ep_advice.received_date - ep_advice.requested_date as days_taken,
        coalesce(
            ep_advice.due_date,
            cast(ep_advice.requested_date + clock.advice_limit_days * interval 1 day as date)
        ) as due_date,
        clock.advice_limit_days
    from core.ep_advice
    cross join core.clock
    where ep_advice.advice_kind = 'educational_psychology'
),

placed as (
    select
        slot.file_id,
        slot.is_stock,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        advice.days_taken,
        advice.advice_limit_days,
        coalesce(advice.requested_date between slot.first_day and slot.last_day, false)
            as is_requested,
        coalesce(advice.received_date between slot.first_day and slot.last_day, false)
            as is_received,
        coalesce(
            advice.requested_date <= slot.last_day
            and coalesce(advice.received_date > slot.last_day, true), false
        ) as is_outstanding,
        coalesce(advice.due_date < slot.last_day, false) as is_past_due
    from core.service_slot as slot
    left join advice on slot.file_id = advice.file_id
    where slot.dataset = 'ep_advice'
),

summed as (
    select
        file_id,
        is_stock,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(count(*) filter (where is_requested) as decimal(18, 6)) as requested,
        cast(count(*) filter (where is_received) as decimal(18, 6)) as received,
        cast(
            count(*) filter (where is_received and days_taken <= advice_limit_days)
            as decimal(18, 6)
        ) as received_in_time,
        cast(avg(days_taken) filter (where is_received) / 7 as decimal(18, 6)) as weeks_mean,
        cast(median(days_taken) filter (where is_received) / 7 as decimal(18, 6)) as weeks_median,
        cast(count(*) filter (where is_outstanding) as decimal(18, 6)) as outstanding,
        cast(
            count(*) filter (where is_outstanding and is_past_due) as decimal(18, 6)
        ) as overdue
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
        figure as value
    from summed
    unpivot include nulls (
        figure for indicator in (
            requested,
            received,
            received_in_time,
            weeks_mean,
            weeks_median,
            outstanding,
            overdue
        )
    )
    where is_stock = (indicator in ('outstanding', 'overdue'))
)

select * from final
