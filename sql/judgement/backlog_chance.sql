-- One row: the chance that a milestone for overdue cases is met, from the simulated queue as it is
-- being worked, oldest first: the share of runs at or under the level at the end of the last whole
-- week before the day. Nothing is said of a level that was not simulated, or a day beyond the runs.
with promise as (
    select
        la_code,
        milestone,
        'original' as plan_version,
        kpi,
        breakdown_topic,
        original_due_date as milestone_due,
        original_value as level_value
    from marts.plan_milestone
    union all
    select
        la_code,
        milestone,
        'current' as plan_version,
        kpi,
        breakdown_topic,
        current_due_date as milestone_due,
        current_value as level_value
    from marts.plan_milestone
),

simulated as (
    select
        promise.la_code,
        promise.milestone,
        promise.plan_version,
        backlog_forecast.scenario,
        backlog_forecast.work_order,
        (promise.milestone_due - backlog_forecast.queue_date) // 7 as week_number
    from promise
    inner join marts.backlog_forecast
        on
            promise.la_code = backlog_forecast.la_code
            and promise.level_value = backlog_forecast.goal
    where
        promise.kpi = 'overdue_cases'
        and promise.breakdown_topic = 'All'
        and backlog_forecast.is_being_done
        and backlog_forecast.work_order = 'oldest_first'
),

final as (
    select
        simulated.la_code,
        simulated.milestone,
        simulated.plan_version,
        backlog_week.goal_share as chance,
        'backlog' as chance_from,
        simulated.scenario as chance_detail
    from simulated
    inner join marts.backlog_week
        on
            simulated.la_code = backlog_week.la_code
            and simulated.scenario = backlog_week.scenario
            and simulated.work_order = backlog_week.work_order
            and simulated.week_number = backlog_week.week_number
)

select * from final
order by milestone, plan_version
