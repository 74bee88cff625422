-- One row: a milestone for places that an action of the plan opens, in one version, with the places
-- that are open, those that are to open by its day, and those that are to open later or on no day
-- that is known. Asked for: milestone, plan_version.
with version as (
    select
        la_code,
        milestone,
        'original' as plan_version,
        breakdown_topic,
        breakdown,
        original_due_date as milestone_due
    from marts.plan_milestone
    union all
    select
        la_code,
        milestone,
        'current' as plan_version,
        breakdown_topic,
        breakdown,
        current_due_date as milestone_due
    from marts.plan_milestone
),

final as (
    select
        version.milestone,
        version.plan_version,
        cast(coalesce(sum(place_pipeline.place_count) filter (
            where place_pipeline.place_status = 'delivered'
        ), 0) as integer) as open_count,
        cast(coalesce(sum(place_pipeline.place_count) filter (
            where
            place_pipeline.place_status <> 'delivered'
            and place_pipeline.opening_month <= strftime(version.milestone_due, '%Y-%m')
        ), 0) as integer) as planned_count
    from version
    inner join asked_for
        on
            version.milestone = asked_for.milestone
            and version.plan_version = asked_for.plan_version
    inner join marts.place_pipeline
        on
            version.la_code = place_pipeline.la_code
            and (
                version.breakdown_topic = 'All'
                or version.breakdown = place_pipeline.plan_action
            )
    where version.breakdown_topic in ('All', 'Plan action')
    group by version.milestone, version.plan_version
)

select * from final
order by milestone, plan_version
