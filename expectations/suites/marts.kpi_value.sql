-- One row: how many rows of marts.kpi_value are at fault, by what is wrong.
with groups as (
    select
        kpi_value.kpi,
        source,
        vintage,
        vintage_order,
        period,
        kpi_value.period_kind,
        period_label,
        area_kind,
        breakdown_topic,
        symbol,
        is_shown,
        is_newest_of_source,
        is_revised,
        count(*) as row_count,
        count(*) filter (where breakdown is null) as empty_breakdown,
        count(*) filter (where area_code is null) as empty_area_code,
        count(*) filter (where area_name is null) as empty_area_name,
        count(*) filter (where file_id is null) as empty_file_id,
        count(*) filter (
            where row_number is null and source <> 'council'
        ) as empty_row_number,
        count(*) filter (where value is not null and symbol is not null) as value_and_symbol,
        count(*) filter (
            where
            measure.unit = 'percent'
            and ends_with(kpi_value.kpi, '_share')
            and kpi_value.value not between 0 and 100
        ) as shares_out_of_range,
        count(*) filter (
            where
            measure.unit = 'percent'
            and denominator > 0
            and abs(kpi_value.value * cast(denominator as bigint) - 100 * numerator)
            > 2 * cast(denominator as bigint)
        ) as percentages_off_their_ratio
    from marts.kpi_value
    left join core.measure on kpi_value.kpi = measure.kpi
    group by
        kpi_value.kpi,
        source,
        vintage,
        vintage_order,
        period,
        kpi_value.period_kind,
        period_label,
        area_kind,
        breakdown_topic,
        symbol,
        is_shown,
        is_newest_of_source,
        is_revised
),

summed as (
    select
        cast(coalesce(sum(row_count), 0) as bigint) as row_count,
        coalesce(sum(row_count) filter (where kpi is null), 0) as empty_kpi,
        coalesce(sum(row_count) filter (where source is null), 0) as empty_source,
        coalesce(sum(row_count) filter (where vintage is null), 0) as empty_vintage,
        coalesce(sum(row_count) filter (where vintage_order is null), 0) as empty_vintage_order,
        coalesce(sum(row_count) filter (where period is null), 0) as empty_period,
        coalesce(sum(row_count) filter (where period_kind is null), 0) as empty_period_kind,
        coalesce(sum(row_count) filter (where period_label is null), 0) as empty_period_label,
        coalesce(sum(row_count) filter (where area_kind is null), 0) as empty_area_kind,
        coalesce(
            sum(row_count) filter (where breakdown_topic is null), 0
        ) as empty_breakdown_topic,
        coalesce(
            sum(row_count) filter (where is_newest_of_source is null), 0
        ) as empty_is_newest_of_source,
        coalesce(sum(row_count) filter (where is_shown is null), 0) as empty_is_shown,
        coalesce(sum(row_count) filter (where is_revised is null), 0) as empty_is_revised,
        coalesce(sum(empty_breakdown), 0) as empty_breakdown,
        coalesce(sum(empty_area_code), 0) as empty_area_code,
        coalesce(sum(empty_area_name), 0) as empty_area_name,
        coalesce(sum(empty_file_id), 0) as empty_file_id,
        coalesce(sum(empty_row_number), 0) as empty_row_number,
        coalesce(
            sum(row_count) filter (where source not in (select unnest($codes_source))), 0
        ) as unknown_source,
        coalesce(
            sum(row_count) filter (
                where period_kind not in (select unnest($codes_period_kind))
            ), 0
        ) as unknown_period_kind,
        coalesce(
            sum(row_count) filter (where area_kind not in (select unnest($codes_area_kind))), 0
        ) as unknown_area_kind,
        coalesce(
            sum(row_count) filter (
                where breakdown_topic not in (select unnest($codes_breakdown_topic))
            ), 0
        ) as unknown_breakdown_topic,
        coalesce(
            sum(row_count) filter (where symbol not in (select unnest($codes_symbol))), 0
        ) as unknown_symbol,
        coalesce(sum(value_and_symbol), 0) as value_and_symbol,
        coalesce(sum(shares_out_of_range), 0) as shares_out_of_range,
        coalesce(sum(percentages_off_their_ratio), 0) as percentages_off_their_ratio
    from groups
),

-- Hashes of 64 bits stand for the keys, as in core.published_figure.sql.
hashes as (
    select
        hash(kpi, period, area_code, breakdown_topic, breakdown) as cell,
        hash(kpi, source, vintage, period, area_code, breakdown_topic, breakdown) as row_key,
        is_shown
    from marts.kpi_value
),

keys as (
    select
        count(*) - count(distinct row_key) as duplicate_keys,
        count(*) filter (where is_shown) - count(distinct cell) filter (
            where is_shown
        ) as cells_shown_twice,
        count(distinct cell) - count(distinct cell) filter (where is_shown) as cells_never_shown
    from hashes
),

measured as (
    select count(*) as measured_count
    from kpi.measure_row
),

final as (
    select
        summed.*,
        keys.duplicate_keys,
        keys.cells_shown_twice,
        keys.cells_never_shown,
        measured.measured_count - summed.row_count as rows_lost
    from summed
    cross join keys
    cross join measured
)

select * from final
