-- One row: how many measures of the delivery plan are missing.
with final as (
    select
        count(*) as row_count,
        abs((select count(*) from core.plan_measure) - count(*)) as measures_lost
    from marts.plan_action
)

select * from final
