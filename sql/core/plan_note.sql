-- One row: what was said about an action of the delivery plan, or a milestone that was moved.
with final as (
    select * from staging.plan_note
)

select * from final
