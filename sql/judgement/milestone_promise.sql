-- One row: a milestone of the delivery plan in one version, as first promised or as moved since,
-- with what date and value alone say of it. The promised value is a number of the plan's own, and
-- empty where another area's value is to be reached; the level is either.
with version as (
    select unnest(['original', 'current']) as plan_version
),

final as (
    select
        plan_milestone.la_code,
        plan_milestone.position,
        plan_milestone.plan_action,
        plan_milestone.plan_measure,
        plan_milestone.milestone,
        version.plan_version,
        plan_milestone.kpi,
        plan_milestone.breakdown_topic,
        plan_milestone.breakdown,
        plan_milestone.polarity,
        plan_milestone.level_area_key,
        case version.plan_version
            when 'original' then plan_milestone.original_due_date
            else plan_milestone.current_due_date
        end as milestone_due,
        cast(
            case version.plan_version
                when 'original' then plan_milestone.original_value
                else plan_milestone.current_value
            end as double
        ) as promised_value,
        case
            when version.plan_version = 'original' and plan_milestone.level_area_key is null
                then plan_milestone.original_value
            when version.plan_version = 'original' then plan_milestone.level_value
            else coalesce(plan_milestone.level_value, plan_milestone.current_value)
        end as level_value,
        case version.plan_version
            when 'original' then plan_milestone.original_status
            else plan_milestone.milestone_status
        end as plan_status
    from marts.plan_milestone
    cross join version
)

select * from final
order by position, milestone, plan_version
