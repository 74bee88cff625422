-- One row: an action of the delivery plan with one of the measures that tell whether it works, the
-- council's newest value of it, and how its milestones stand.
with open_milestone as (
    select
        la_code,
        plan_measure,
        milestone,
        current_due_date,
        row_number() over (
            partition by la_code, plan_measure
            order by current_due_date, position
        ) as place
    from marts.plan_milestone
    where milestone_status not in ('met', 'missed')
),

counted as (
    select
        la_code,
        plan_measure,
        cast(count(*) as integer) as milestone_count,
        cast(count(*) filter (where milestone_status = 'met') as integer) as met_count,
        cast(count(*) filter (where milestone_status = 'missed') as integer) as missed_count,
        cast(count(*) filter (where revision_count > 0) as integer) as moved_count
    from marts.plan_milestone
    group by la_code, plan_measure
),

final as (
    select
        plan_action.la_code,
        plan_measure.position,
        plan_action.plan_action,
        plan_action.action_title,
        plan_action.plan_priority,
        plan_action.priority_title,
        plan_action.is_priority_assumption,
        plan_action.owner_role,
        plan_action.owner_title,
        plan_action.is_owner_assumption,
        plan_action.funding_text,
        plan_action.funding_gbp,
        plan_action.funding_document,
        plan_action.is_funding_assumption,
        plan_action.depends_on,
        plan_action.source_document,
        plan_action.statement_date,
        plan_action.is_assumption,
        plan_action.assumption_reason,
        plan_measure.plan_measure,
        plan_measure.measure_title,
        plan_measure.kpi,
        plan_measure.breakdown_topic,
        plan_measure.breakdown,
        plan_measure.unit,
        plan_measure.decimals,
        plan_measure.polarity,
        plan_measure.needs,
        plan_measure.baseline_text,
        plan_measure.baseline_value,
        plan_measure.baseline_period,
        plan_measure.baseline_document,
        plan_measure.is_baseline_assumption,
        plan_measure.baseline_reason,
        plan_measure.target_value,
        plan_measure.target_area_key,
        plan_measure.target_document,
        plan_measure.is_target_assumption,
        plan_measure.target_reason,
        newest.period as newest_value_period,
        newest.period_label as newest_value_period_label,
        newest.value as newest_value,
        newest.source as newest_value_source,
        newest.vintage as newest_value_vintage,
        coalesce(counted.milestone_count, 0) as milestone_count,
        coalesce(counted.met_count, 0) as met_count,
        coalesce(counted.missed_count, 0) as missed_count,
        coalesce(counted.moved_count, 0) as moved_count,
        open_milestone.milestone as next_milestone,
        open_milestone.current_due_date as next_due_date
    from core.plan_action
    inner join core.plan_measure
        on
            plan_action.la_code = plan_measure.la_code
            and plan_action.plan_action = plan_measure.plan_action
    left join marts.plan_value as newest
        on
            plan_measure.la_code = newest.la_code
            and plan_measure.plan_measure = newest.plan_measure
            and newest.is_newest
    left join counted
        on
            plan_measure.la_code = counted.la_code
            and plan_measure.plan_measure = counted.plan_measure
    left join open_milestone
        on
            plan_measure.la_code = open_milestone.la_code
            and plan_measure.plan_measure = open_milestone.plan_measure
            and open_milestone.place = 1
)

select * from final
order by position
