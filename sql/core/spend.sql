-- One row: planned and actual spend of one budget line in one period, from one file of the council.
-- A later file of the same kind replaces the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        spend.la_code,
        spend.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.spend
    left join core.case_file on spend.file_id = case_file.file_id
),

newest as (
    select
        file_id,
        row_number() over (
            partition by la_code
            order by vintage_order desc, file_id desc
        ) as age_of_file
    from version
),

-- A month is 2025-09, a financial year 2025-26: from April to March.
dated as (
    select
        *,
        cast(substr(period, 6, 2) as integer) > 12 as is_financial_year,
        case
            when cast(substr(period, 6, 2) as integer) > 12
                then cast(substr(period, 1, 4) || '-04-01' as date)
            else cast(period || '-01' as date)
        end as first_day
    from staging.spend
),

final as (
    select
        spend.file_id,
        spend.row_number,
        spend.la_code,
        spend.plan_action,
        spend.budget_line,
        spend.period,
        spend.planned_gbp,
        spend.actual_gbp,
        spend.reference_date,
        spend.is_financial_year,
        spend.first_day,
        cast(
            spend.first_day
            + case when spend.is_financial_year then 12 else 1 end * interval 1 month
            - interval 1 day as date
        ) as last_day,
        newest.age_of_file = 1 as is_newest
    from dated as spend
    inner join newest on spend.file_id = newest.file_id
)

select * from final
