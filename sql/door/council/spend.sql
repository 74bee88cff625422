-- One row: one budget line in one month or financial year.
with final as (
    select
        row_number,
        la_code,
        plan_action,
        budget_line,
        period,
        try_cast(planned_gbp as decimal(18, 6)) as planned_gbp,
        try_cast(actual_gbp as decimal(18, 6)) as actual_gbp,
        reference_date
    from parsed.spend
)

select * from final
