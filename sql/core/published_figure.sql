-- One row: one published figure: source, edition, data set, indicator, period, area, breakdown.
-- Facts shipped with the product give way to the same cell read from a publisher's file.
with located as (
    select
        row_.*,
        case
            when row_.period_kind = 'stock' and length(row_.time_period) = 6
                then '20' || substr(row_.time_period, 5, 2) || '-01'
            when row_.period_kind = 'stock' then row_.time_period || '-01'
            else row_.time_period
        end as period,
        case row_.geographic_level
            when 'National' then 'E92000001'
            when 'Regional' then row_.region_code
            else area.area_code
        end as area_code
    from staging.published_row as row_
    left join core.area
        on row_.geographic_level = 'Local authority' and row_.la_code = area.la_code
),

figures as (
    select
        located.source,
        located.vintage,
        located.dataset,
        cell.indicator,
        located.period_kind,
        located.period,
        case when located.geographic_level = 'Local authority' then located.la_code end as la_code,
        located.area_code,
        located.breakdown_topic,
        located.breakdown,
        cell.value,
        cell.symbol,
        cell.file_id,
        cell.row_number,
        located.precedence
    from staging.published_cell as cell
    inner join located
        on cell.file_id = located.file_id and cell.row_number = located.row_number
),

from_files as (
    select * from figures
    where precedence = 0
),

shipped as (
    select * from figures
    where precedence > 0
),

final as (
    select * from from_files
    union all
    select shipped.*
    from shipped
    where not exists (
        select 1
        from from_files
        where
            from_files.dataset = shipped.dataset
            and from_files.indicator = shipped.indicator
            and from_files.source = shipped.source
            and from_files.vintage = shipped.vintage
            and from_files.period = shipped.period
            and from_files.area_code = shipped.area_code
            and from_files.breakdown_topic = shipped.breakdown_topic
            and from_files.breakdown = shipped.breakdown
    )
)

select
    source,
    vintage,
    dataset,
    indicator,
    period_kind,
    period,
    la_code,
    area_code,
    breakdown_topic,
    breakdown,
    value,
    symbol,
    file_id,
    row_number
from final
order by dataset, indicator
