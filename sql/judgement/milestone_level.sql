-- One row: a milestone of the delivery plan in one version, with what it is held against: a number,
-- or another area's value at the time.
with version as (
    select
        milestone,
        'original' as plan_version,
        original_due_date as milestone_due,
        original_value as level_value
    from marts.plan_milestone
    union all
    select
        milestone,
        'current' as plan_version,
        current_due_date as milestone_due,
        current_value as level_value
    from marts.plan_milestone
),

final as (
    select
        plan_milestone.milestone,
        version.plan_version,
        plan_milestone.la_code,
        plan_milestone.kpi,
        plan_milestone.polarity,
        plan_milestone.level_area_key,
        plan_milestone.breakdown_topic,
        plan_milestone.breakdown,
        measure.unit,
        measure.period_kind as measure_period_kind,
        version.milestone_due,
        cast(version.level_value as double) as level_value
    from version
    inner join marts.plan_milestone on version.milestone = plan_milestone.milestone
    inner join marts.measure on plan_milestone.kpi = measure.kpi
    where plan_milestone.kpi is not null
)

select * from final
order by milestone, plan_version
