-- One row: a milestone of the delivery plan as first written.
with final as (
    select
        la_code,
        position,
        plan_action,
        plan_measure,
        milestone,
        milestone_text,
        original_due_date,
        original_value,
        level_area_key,
        source_document,
        statement_date,
        is_date_assumption,
        is_value_assumption,
        assumption_reason
    from landing.plan_milestone
)

select * from final
