-- One row: what the simulated queue says of a milestone where it is the queue that decides: the
-- chance, or why it cannot reach that day.
with final as (
    select
        la_code,
        milestone,
        plan_version,
        kpi,
        chance,
        case when kpi = 'overdue_cases' then 'backlog' else 'backlog_rate' end as chance_from,
        scenario as chance_detail,
        case when chance is null then forecast_note end as why_not
    from marts.backlog_chance
    where is_deciding
)

select * from final
order by milestone, plan_version
