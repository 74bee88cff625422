-- One row: plans that ceased for one reason (numerator) of all plans that ceased in the calendar
-- year (denominator), for one area and period in one release. The reason is the breakdown, so only
-- the rows for all children are read.
with reason (indicator, breakdown) as (
    select *
    from (
        values
        ('max_age', 'Reached the maximum age'),
        ('needs_met', 'Needs met without a plan'),
        ('he', 'Higher education'),
        ('employ', 'Paid employment'),
        ('transfer', 'Moved to another authority'),
        ('no_engage', 'No longer wishes to engage'),
        ('moved_outside_eng', 'Moved outside England'),
        ('deceased', 'Died'),
        ('other', 'Other reason'),
        ('not_rec', 'Reason not recorded')
    )
),

cell as (
    select *
    from core.figure
    where
        dataset = 'ceased_plans'
        and breakdown_topic = 'All'
),

total as (
    select
        source,
        vintage,
        period,
        value,
        symbol,
        coalesce(la_code, area_code) as area
    from cell
    where indicator = 'total_ceased'
),

final as (
    select
        cell.source,
        cell.vintage,
        cell.period,
        cell.la_code,
        cell.area_code,
        'Reason for ceasing' as breakdown_topic,
        reason.breakdown,
        cell.value as numerator,
        total.value as denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when cell.symbol is not null then cell.symbol
            when total.symbol is not null then total.symbol
            when total.value is null then 'x'
            when total.value = 0 then 'z'
        end as symbol,
        cell.file_id,
        cell.row_number
    from cell
    inner join reason on cell.indicator = reason.indicator
    left join total
        on
            cell.source = total.source
            and cell.vintage = total.vintage
            and cell.period = total.period
            and coalesce(cell.la_code, cell.area_code) = total.area
)

select * from final
