-- One row: what tells whether an action of the delivery plan works.
with final as (
    select
        la_code,
        position,
        plan_action,
        plan_measure,
        measure_title,
        kpi,
        breakdown_topic,
        breakdown,
        unit,
        polarity,
        needs,
        baseline_text,
        baseline_value,
        baseline_period,
        baseline_document,
        is_baseline_assumption,
        baseline_reason,
        target_value,
        target_area_key,
        target_document,
        is_target_assumption,
        target_reason
    from landing.plan_measure
)

select * from final
