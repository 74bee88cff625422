-- One row: an action of the delivery plan.
with final as (
    select
        la_code,
        position,
        plan_action,
        action_title,
        plan_priority,
        priority_title,
        is_priority_assumption,
        owner_role,
        owner_title,
        is_owner_assumption,
        funding_text,
        funding_gbp,
        funding_document,
        is_funding_assumption,
        depends_on,
        source_document,
        statement_date,
        is_assumption,
        assumption_reason
    from landing.plan_action
)

select * from final
