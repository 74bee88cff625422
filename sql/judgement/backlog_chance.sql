-- One row: what the simulated queue says of a milestone where it is the queue that decides: the
-- chance and the months in which the level is first reached, or why it cannot reach that day.
-- Where the chance takes a declared course of action to hold, the chance without it stands beside.
with final as (
    select
        la_code,
        milestone,
        plan_version,
        kpi,
        chance,
        case when kpi = 'overdue_cases' then 'backlog' else 'backlog_rate' end as chance_from,
        scenario as chance_detail,
        scenario_title as chance_scenario,
        chance_as_now,
        -- To the month: a week of a run is no more than a week that was drawn.
        date_trunc('month', clear_date_p10) as reached_month_p10,
        date_trunc('month', clear_date_p50) as reached_month_p50,
        date_trunc('month', clear_date_p90) as reached_month_p90,
        case when chance is null then forecast_note end as why_not
    from marts.backlog_chance
    where is_deciding
)

select * from final
order by milestone, plan_version
