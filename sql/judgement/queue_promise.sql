-- One row: a milestone in one version whose measure the simulated queue speaks of: overdue cases,
-- or the share of plans in time, as whole measures and against a number.
with version as (
    select
        la_code,
        milestone,
        'original' as plan_version,
        original_due_date as milestone_due,
        original_value as level_value
    from marts.plan_milestone
    union all
    select
        la_code,
        milestone,
        'current' as plan_version,
        current_due_date as milestone_due,
        current_value as level_value
    from marts.plan_milestone
),

final as (
    select
        version.la_code,
        version.milestone,
        version.plan_version,
        plan_milestone.kpi,
        plan_milestone.polarity,
        version.milestone_due,
        cast(version.level_value as double) as level_value
    from version
    inner join marts.plan_milestone
        on
            version.la_code = plan_milestone.la_code
            and version.milestone = plan_milestone.milestone
    where
        plan_milestone.kpi in (
            'overdue_cases',
            'plans_within_20_weeks_share',
            'plans_within_20_weeks_excluding_exceptions_share'
        )
        and plan_milestone.breakdown_topic = 'All'
        and version.level_value is not null
)

select * from final
order by la_code, milestone, plan_version
