-- One row: a figure of final plans sent after an annual review that changed them, from one return
-- of the council. They count in the period in which they were sent, by the days since the meeting:
-- 4 weeks for the notice and 8 for the final plan (SI 2014/1530, regulation 22; R (L, M and P) v
-- Devon County Council [2022] EWHC 493 (Admin)).
with sent as (
    select
        amended_plan.file_id,
        amended_plan.amended_plan_date,
        amended_plan.days_to_amended_plan <= clock.amended_plan_limit_days as is_in_time
    from core.amended_plan
    cross join core.clock
),

placed as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        sent.is_in_time,
        coalesce(sent.amended_plan_date between slot.first_day and slot.last_day, false) as is_sent
    from core.service_slot as slot
    left join sent on slot.file_id = sent.file_id
    where slot.dataset = 'amended_plans' and not slot.is_stock
),

summed as (
    select
        file_id,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(count(*) filter (where is_sent) as decimal(18, 6)) as amended,
        cast(count(*) filter (where is_sent and is_in_time) as decimal(18, 6)) as amended_in_time
    from placed
    group by
        file_id,
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
    unpivot (
        figure for indicator in (
            amended,
            amended_in_time
        )
    )
)

select * from final
