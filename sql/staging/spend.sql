-- One row: planned and actual spend of one budget line in one period.
with final as (
    select
        file_id,
        row_number,
        la_code,
        plan_action,
        budget_line,
        period,
        planned_gbp,
        actual_gbp,
        reference_date
    from landing.spend
)

select * from final
