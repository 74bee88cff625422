-- One row: a milestone of the delivery plan in one version, as first promised or as moved since,
-- with what date and value alone say of it.
with original as (
    select
        la_code,
        position,
        plan_action,
        plan_measure,
        milestone,
        'original' as plan_version,
        kpi,
        breakdown_topic,
        breakdown,
        polarity,
        original_due_date as milestone_due,
        case when level_area_key is null then original_value else level_value end as level_value,
        original_status as plan_status
    from marts.plan_milestone
),

moved as (
    select
        la_code,
        position,
        plan_action,
        plan_measure,
        milestone,
        'current' as plan_version,
        kpi,
        breakdown_topic,
        breakdown,
        polarity,
        current_due_date as milestone_due,
        coalesce(level_value, current_value) as level_value,
        milestone_status as plan_status
    from marts.plan_milestone
),

final as (
    select * from original
    union all
    select * from moved
)

select * from final
order by position, plan_version
