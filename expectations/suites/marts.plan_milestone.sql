-- One row: how many milestones of the delivery plan are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        abs((select count(*) from core.plan_milestone) - count(*)) as milestones_lost,
        count(*) filter (
            where (milestone_status in ('met', 'missed')) <> (deciding_value is not null)
        ) as decided_without_value,
        count(*) filter (
            where kpi is null and needs is null
        ) as untested_without_need
    from marts.plan_milestone
)

select * from final
