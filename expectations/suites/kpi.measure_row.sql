-- One row: how many rows of kpi.measure_row are at fault, by what is wrong.
with groups as (
    select
        kpi,
        source,
        vintage,
        period,
        breakdown_topic,
        symbol,
        count(*) as row_count,
        count(*) filter (where breakdown is null) as empty_breakdown,
        count(*) filter (where area_code is null) as empty_area_code,
        count(*) filter (where file_id is null) as empty_file_id,
        count(*) filter (
            where row_number is null and source <> 'council'
        ) as empty_row_number,
        count(*) filter (where denominator < 0) as negative_denominators,
        count(*) filter (
            where numerator is null and published_value is null and symbol is null
        ) as nothing_measured,
        count(*) filter (
            where published_value is not null and symbol is not null
        ) as value_and_symbol
    from kpi.measure_row
    group by kpi, source, vintage, period, breakdown_topic, symbol
),

summed as (
    select
        cast(coalesce(sum(row_count), 0) as bigint) as row_count,
        coalesce(sum(row_count) filter (where kpi is null), 0) as empty_kpi,
        coalesce(sum(row_count) filter (where source is null), 0) as empty_source,
        coalesce(sum(row_count) filter (where vintage is null), 0) as empty_vintage,
        coalesce(sum(row_count) filter (where period is null), 0) as empty_period,
        coalesce(
            sum(row_count) filter (where breakdown_topic is null), 0
        ) as empty_breakdown_topic,
        coalesce(sum(empty_breakdown), 0) as empty_breakdown,
        coalesce(sum(empty_area_code), 0) as empty_area_code,
        coalesce(sum(empty_file_id), 0) as empty_file_id,
        coalesce(sum(empty_row_number), 0) as empty_row_number,
        coalesce(
            sum(row_count) filter (where source not in (select unnest($codes_source))), 0
        ) as unknown_source,
        coalesce(
            sum(row_count) filter (
                where breakdown_topic not in (select unnest($codes_breakdown_topic))
            ), 0
        ) as unknown_breakdown_topic,
        coalesce(
            sum(row_count) filter (where symbol not in (select unnest($codes_symbol))), 0
        ) as unknown_symbol,
        coalesce(sum(nothing_measured), 0) as nothing_measured,
        coalesce(sum(value_and_symbol), 0) as value_and_symbol,
        coalesce(sum(negative_denominators), 0) as negative_denominators,
        count(distinct groups.kpi) filter (
            where not exists (select 1 from core.measure where measure.kpi = groups.kpi)
        ) as measures_not_described
    from groups
),

-- A hash of 64 bits stands for the key, as in core.published_figure.sql.
keys as (
    select
        count(*) - count(
            distinct hash(
                kpi, source, vintage, period, la_code, area_code, breakdown_topic, breakdown
            )
        ) as duplicate_keys
    from kpi.measure_row
),

final as (
    select
        summed.*,
        keys.duplicate_keys
    from summed
    cross join keys
)

select * from final
