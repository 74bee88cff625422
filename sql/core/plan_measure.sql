-- One row: what tells whether an action of the delivery plan works. A measure of the house brings
-- its own unit, and its title where the plan gives none for its part of it; one that nothing tests
-- yet has the plan's words, and says what it needs.
with final as (
    select
        plan_measure.la_code,
        plan_measure.position,
        plan_measure.plan_action,
        plan_measure.plan_measure,
        coalesce(plan_measure.measure_title, measure.title) as measure_title,
        plan_measure.kpi,
        plan_measure.breakdown_topic,
        plan_measure.breakdown,
        coalesce(measure.unit, plan_measure.unit) as unit,
        measure.decimals,
        coalesce(plan_measure.polarity, measure.polarity) as polarity,
        measure.period_kind,
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
        plan_measure.target_reason
    from staging.plan_measure
    left join core.measure on plan_measure.kpi = measure.kpi
)

select * from final
