-- One row: the level that a series is to reach by the delivery plan: of the milestone that comes
-- next, or of the last one where all are past. A year's count is no level for a month's.
with held as (
    select
        plan_milestone.la_code,
        plan_milestone.kpi,
        plan_milestone.breakdown_topic,
        plan_milestone.breakdown,
        plan_milestone.polarity,
        plan_milestone.milestone,
        cast(plan_milestone.level_value as double) as target_value,
        measure.unit = 'count' and measure.period_kind = 'flow' as is_of_years_only,
        row_number() over (
            partition by
                plan_milestone.la_code,
                plan_milestone.kpi,
                plan_milestone.breakdown_topic,
                plan_milestone.breakdown
            order by
                (plan_milestone.milestone_status in ('met', 'missed')) asc,
                case
                    when plan_milestone.milestone_status not in ('met', 'missed')
                        then plan_milestone.current_due_date
                end asc,
                plan_milestone.current_due_date desc,
                plan_milestone.position asc
        ) as place
    from marts.plan_milestone
    inner join marts.measure on plan_milestone.kpi = measure.kpi
    where plan_milestone.level_value is not null
),

final as (
    select
        la_code,
        kpi,
        breakdown_topic,
        breakdown,
        polarity,
        milestone,
        target_value,
        is_of_years_only
    from held
    where place = 1
)

select * from final
