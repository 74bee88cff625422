-- One row: a budget line in one period, with whether the row repeats another.
with printed as (
    select
        *,
        count(*) over (partition by plan_action, budget_line, period) as alike
    from parsed.spend
),

day as (
    select count(distinct reference_date) as day_count
    from printed
),

final as (
    select
        printed.record as spend_record,
        printed.period,
        try_cast(printed.planned_gbp as decimal(18, 2)) as planned_gbp,
        try_cast(printed.actual_gbp as decimal(18, 2)) as actual_gbp,
        printed.alike,
        day.day_count
    from printed
    cross join day
)

select * from final
