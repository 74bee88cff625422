-- One row: a budget line in one period, with whether the row repeats another.
with printed as (
    select
        *,
        count(*) over (partition by plan_action, budget_line, period) as alike
    from parsed.spend
),

final as (
    select
        record as spend_record,
        period,
        try_cast(planned_gbp as decimal(18, 2)) as planned_gbp,
        try_cast(actual_gbp as decimal(18, 2)) as actual_gbp,
        alike
    from printed
)

select * from final
