-- One row: how many statuses of milestones are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        abs(count(*) - 2 * (select count(*) from marts.plan_milestone)) as versions_lost,
        count(*) filter (
            where (plan_status.plan_status = 'at_risk') <> coalesce(plan_status.chance < 0.5, false)
        ) as chance_against_status,
        count(*) filter (
            where
            plan_status.chance_as_now is not null
            and coalesce(
                plan_status.chance is null
                or plan_status.chance_from not in ('backlog', 'backlog_rate')
                or plan_status.chance_detail = 'as-now',
                true
            )
        ) as as_now_without_course,
        count(*) filter (
            where
            plan_status.plan_version = 'current'
            and case plan_status.plan_status when 'at_risk' then 'not_yet_due'
                else plan_status.plan_status
            end <> plan_milestone.milestone_status
        ) as status_against_mart
    from marts.plan_status
    left join marts.plan_milestone
        on
            plan_status.la_code = plan_milestone.la_code
            and plan_status.milestone = plan_milestone.milestone
)

select * from final
