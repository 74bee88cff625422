-- One row: one published figure: source, edition, data set, indicator, period, area, breakdown.
-- Facts shipped with the product give way to the same row of a publisher's file. The cells lie in
-- the order in which the files give them, so that a data set and an indicator are read from one
-- place: a measure filters on both.
with located as (
    select
        published_row.*,
        case
            when published_row.period_kind = 'stock' and length(published_row.time_period) = 6
                then '20' || substr(published_row.time_period, 5, 2) || '-01'
            when published_row.period_kind = 'stock' then published_row.time_period || '-01'
            else published_row.time_period
        end as period,
        case published_row.geographic_level
            when 'National' then 'E92000001'
            when 'Regional' then published_row.region_code
            else area.area_code
        end as area_code
    from staging.published_row
    left join core.area
        on
            published_row.geographic_level = 'Local authority'
            and published_row.la_code = area.la_code
    -- Whether an authority has a medical officer is said in words, not in figures.
    where published_row.dataset <> 'medical_officers'
),

superseded as (
    select distinct
        shipped.file_id,
        shipped.row_number
    from located as shipped
    inner join located as from_file
        on
            shipped.source = from_file.source
            and shipped.vintage = from_file.vintage
            and shipped.dataset = from_file.dataset
            and shipped.period = from_file.period
            and shipped.area_code = from_file.area_code
            and shipped.breakdown_topic = from_file.breakdown_topic
            and shipped.breakdown = from_file.breakdown
    where shipped.precedence > 0 and from_file.precedence = 0
),

kept as (
    select located.*
    from located
    left join superseded
        on located.file_id = superseded.file_id and located.row_number = superseded.row_number
    where superseded.file_id is null
),

final as (
    select
        kept.source,
        kept.vintage,
        kept.dataset,
        cell.indicator,
        kept.period_kind,
        kept.period,
        case when kept.geographic_level = 'Local authority' then kept.la_code end as la_code,
        kept.area_code,
        kept.breakdown_topic,
        kept.breakdown,
        cell.value,
        cell.symbol,
        cell.file_id,
        cell.row_number
    from staging.published_cell as cell
    inner join kept on cell.file_id = kept.file_id and cell.row_number = kept.row_number
)

select * from final
