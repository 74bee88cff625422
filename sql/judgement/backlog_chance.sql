-- One row: what the simulated queue says of a milestone where it is the queue that decides: the
-- chance and the months in which the level is first reached, or why it cannot reach that day.
-- Where the chance takes a declared course of action to hold, the chance without it stands beside.
with as_now as (
    select
        la_code,
        milestone,
        goal_date,
        chance
    from marts.backlog_forecast
    where scenario = 'as-now' and work_order = 'oldest_first'
),

final as (
    select
        backlog_chance.la_code,
        backlog_chance.milestone,
        backlog_chance.plan_version,
        backlog_chance.kpi,
        backlog_chance.chance,
        case
            when backlog_chance.kpi = 'overdue_cases' then 'backlog' else 'backlog_rate'
        end as chance_from,
        backlog_chance.scenario as chance_detail,
        backlog_chance.scenario_title as chance_scenario,
        case
            when backlog_chance.chance is not null and backlog_chance.scenario <> 'as-now'
                then as_now.chance
        end as chance_as_now,
        -- To the month: a week of a run is no more than a week that was drawn.
        date_trunc('month', backlog_chance.clear_date_p10) as reached_month_p10,
        date_trunc('month', backlog_chance.clear_date_p50) as reached_month_p50,
        date_trunc('month', backlog_chance.clear_date_p90) as reached_month_p90,
        case when backlog_chance.chance is null then backlog_chance.forecast_note end as why_not
    from marts.backlog_chance
    left join as_now
        on
            backlog_chance.la_code = as_now.la_code
            and backlog_chance.milestone = as_now.milestone
            and backlog_chance.milestone_due = as_now.goal_date
            and backlog_chance.plan_version = 'current'
    where backlog_chance.is_deciding
)

select * from final
order by milestone, plan_version
