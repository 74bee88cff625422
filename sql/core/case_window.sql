-- One row: a window of time in which a return or extract counts, and one month of it. A stock is
-- counted on one day, and its window has no month. What happened is counted over the calendar year
-- (the year so far), over each month, and over the 12 months that end with a month: a year's last
-- months then come from the newest file that covers them. An annual return gives a window of 12
-- months for each of its months, an extract for its own. Of a month's extracts the newest counts.
with month_of_year (month_number) as (
    select *
    from (
        values
        (1),
        (2),
        (3),
        (4),
        (5),
        (6),
        (7),
        (8),
        (9),
        (10),
        (11),
        (12)
    )
),

counted as (
    select
        file_id,
        la_code,
        return_kind = 'annual' as is_annual,
        reference_date,
        activity_start,
        activity_end,
        stock_period,
        flow_period,
        cast(extract(year from activity_start) as integer) as activity_year,
        cast(extract(month from activity_end) as integer) as last_month,
        row_number() over (
            partition by la_code, activity_start
            order by
                case when return_kind = 'annual' then 0 else 1 end asc,
                activity_end desc nulls last,
                vintage_order desc,
                file_id desc
        ) = 1 as is_newest_of_year
    from core.case_return
    where return_kind = 'annual' or is_newest
),

-- The return of January holds that month: an extract of January has no stock beside it.
annual_stock as (
    select distinct
        la_code,
        stock_period
    from counted
    where is_annual
),

stock as (
    select
        counted.file_id,
        true as is_stock,
        counted.is_annual as has_groups,
        case when counted.is_annual then 'stock' else 'month' end as period_kind,
        counted.stock_period as period,
        counted.reference_date as first_day,
        counted.reference_date as last_day,
        counted.file_id as counted_file_id,
        cast(null as varchar) as counted_month
    from counted
    left join annual_stock
        on
            counted.la_code = annual_stock.la_code
            and counted.stock_period = annual_stock.stock_period
    where counted.is_annual or annual_stock.stock_period is null
),

covered as (
    select
        counted.*,
        month_of_year.month_number,
        cast(counted.activity_year as varchar)
        || '-' || lpad(cast(month_of_year.month_number as varchar), 2, '0') as covered_month
    from counted
    inner join month_of_year
        on counted.last_month >= month_of_year.month_number
),

whole as (
    select
        file_id,
        false as is_stock,
        is_annual as has_groups,
        case when is_annual then 'flow' else 'year_to_date' end as period_kind,
        flow_period as period,
        activity_start as first_day,
        activity_end as last_day,
        file_id as counted_file_id,
        covered_month as counted_month
    from covered
),

one_month as (
    select
        file_id,
        false as is_stock,
        false as has_groups,
        'month' as period_kind,
        covered_month as period,
        first_day_of(covered_month) as first_day,
        least(last_day_of(covered_month), activity_end) as last_day,
        file_id as counted_file_id,
        covered_month as counted_month
    from covered
),

-- Its own months up to the last, and those after it of the year before.
rolling_month as (
    select
        ended.file_id,
        ended.covered_month as end_month,
        ended.activity_end,
        own.file_id as counted_file_id,
        own.covered_month as counted_month
    from covered as ended
    inner join covered as own
        on ended.file_id = own.file_id and ended.month_number >= own.month_number
    where ended.is_annual or ended.month_number = ended.last_month
    union all
    select
        ended.file_id,
        ended.covered_month as end_month,
        ended.activity_end,
        before.file_id as counted_file_id,
        before.covered_month as counted_month
    from covered as ended
    inner join covered as before
        on
            ended.la_code = before.la_code
            and ended.activity_year = before.activity_year + 1
            and ended.month_number < before.month_number
    where
        before.is_newest_of_year
        and (ended.is_annual or ended.month_number = ended.last_month)
),

rolling as (
    select
        file_id,
        false as is_stock,
        false as has_groups,
        'rolling_year' as period_kind,
        substr(end_month, 1, 5) || 'R12' || substr(end_month, 5) as period,
        first_day_of(min(counted_month) over of_window) as first_day,
        least(last_day_of(end_month), activity_end) as last_day,
        counted_file_id,
        counted_month,
        count(*) over of_window as month_count
    from rolling_month
    window of_window as (partition by file_id, end_month)
),

final as (
    select * from stock
    union all
    select * from whole
    union all
    select * from one_month
    union all
    select
        file_id,
        is_stock,
        has_groups,
        period_kind,
        period,
        first_day,
        last_day,
        counted_file_id,
        counted_month
    from rolling
    where month_count = 12
)

select * from final
