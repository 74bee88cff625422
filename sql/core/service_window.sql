-- One row: a return about the council's services and a period that it counts. A stock is counted at
-- the end of each of the last 36 months, and in the return's own month on its day; January's is the
-- yearly one. A flow is counted over whole months, the year to the end of the newest of them, the
-- twelve months up to each, and whole calendar years, as far back as the return's first day.
with tens (ten) as (
    select *
    from (values (0), (6), (12), (18), (24), (30))
),

ones (one) as (
    select *
    from (values (0), (1), (2), (3), (4), (5))
),

month as (
    select
        service_return.dataset,
        service_return.file_id,
        service_return.reference_date,
        service_return.previous_reference_date,
        cast(date_trunc('month', service_return.first_day) as date) as first_month,
        tens.ten + ones.one as months_back,
        cast(
            date_trunc('month', service_return.reference_date)
            - (tens.ten + ones.one) * interval 1 month as date
        ) as month_start
    from core.service_return
    cross join tens
    cross join ones
),

dated as (
    select
        *,
        cast(month_start + interval 1 month - interval 1 day as date) as month_end,
        cast(month_start - interval 11 month as date) as twelve_start,
        cast(date_trunc('year', month_start) as date) as year_start
    from month
    where month_start >= first_month
),

whole as (
    select
        *,
        substr(cast(month_start as varchar), 1, 4) as year_text,
        substr(cast(month_start as varchar), 6, 2) as month_text,
        row_number() over (
            partition by file_id
            order by month_start desc
        ) as months_ago
    from dated
    where month_end <= reference_date
),

window_row as (
    select
        dataset,
        file_id,
        true as is_stock,
        case when substr(cast(month_start as varchar), 6, 2) = '01' then 'stock' else 'month' end
            as period_kind,
        substr(cast(month_start as varchar), 1, 7) as period,
        month_start as first_day,
        least(month_end, reference_date) as last_day,
        months_back = 0 as is_own_month,
        coalesce(month_end > previous_reference_date, true) as is_nearest
    from dated
    union all
    select
        dataset,
        file_id,
        false as is_stock,
        'month' as period_kind,
        year_text || '-' || month_text as period,
        month_start as first_day,
        month_end as last_day,
        false as is_own_month,
        true as is_nearest
    from whole
    union all
    select
        dataset,
        file_id,
        false as is_stock,
        'year_to_date' as period_kind,
        year_text || '-YTD-' || month_text as period,
        year_start as first_day,
        month_end as last_day,
        false as is_own_month,
        true as is_nearest
    from whole
    where months_ago = 1 and year_start >= first_month
    union all
    select
        dataset,
        file_id,
        false as is_stock,
        'rolling_year' as period_kind,
        year_text || '-R12-' || month_text as period,
        twelve_start as first_day,
        month_end as last_day,
        false as is_own_month,
        true as is_nearest
    from whole
    where twelve_start >= first_month
    union all
    select
        dataset,
        file_id,
        false as is_stock,
        'flow' as period_kind,
        year_text as period,
        year_start as first_day,
        month_end as last_day,
        false as is_own_month,
        true as is_nearest
    from whole
    where month_text = '12' and year_start >= first_month
),

final as (
    select * from window_row
)

select * from final
