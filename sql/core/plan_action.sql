-- One row: an action of the council's delivery plan.
with final as (
    select * from staging.plan_action
)

select * from final
