-- One row: how many rows of core.published_figure are at fault, by what is wrong.
-- Rows are grouped first, so that each text is looked at once and not once for every figure.
with codes as (
    select
        source,
        vintage,
        dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        symbol,
        breakdown = 'All' as is_all_group,
        value is null as is_symbol,
        count(*) as row_count,
        count(*) filter (where breakdown is null) as empty_breakdown,
        count(*) filter (where area_code is null) as areas_missing,
        count(*) filter (where file_id is null) as empty_file_id,
        count(*) filter (where row_number is null) as empty_row_number
    from core.published_figure
    group by
        source,
        vintage,
        dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        symbol,
        breakdown = 'All',
        value is null
),

coded as (
    select
        *,
        source in (select unnest($codes_source)) as is_source,
        period_kind in (select unnest($codes_period_kind)) as is_period_kind,
        breakdown_topic in (select unnest($codes_breakdown_topic)) as is_breakdown_topic,
        symbol in (select unnest($codes_symbol)) as is_symbol_known
    from codes
),

summed as (
    select
        cast(coalesce(sum(row_count), 0) as bigint) as row_count,
        coalesce(sum(row_count) filter (where source is null), 0) as empty_source,
        coalesce(sum(row_count) filter (where vintage is null), 0) as empty_vintage,
        coalesce(sum(row_count) filter (where dataset is null), 0) as empty_dataset,
        coalesce(sum(row_count) filter (where indicator is null), 0) as empty_indicator,
        coalesce(sum(row_count) filter (where period_kind is null), 0) as empty_period_kind,
        coalesce(sum(row_count) filter (where period is null), 0) as empty_period,
        coalesce(
            sum(row_count) filter (where breakdown_topic is null), 0
        ) as empty_breakdown_topic,
        coalesce(sum(empty_breakdown), 0) as empty_breakdown,
        coalesce(sum(empty_file_id), 0) as empty_file_id,
        coalesce(sum(empty_row_number), 0) as empty_row_number,
        coalesce(sum(row_count) filter (where not is_source), 0) as unknown_source,
        coalesce(sum(row_count) filter (where not is_period_kind), 0) as unknown_period_kind,
        coalesce(
            sum(row_count) filter (where not is_breakdown_topic), 0
        ) as unknown_breakdown_topic,
        coalesce(sum(row_count) filter (where not is_symbol_known), 0) as unknown_symbol,
        coalesce(
            sum(row_count) filter (where is_symbol and symbol is null), 0
        ) as neither_value_nor_symbol,
        coalesce(
            sum(row_count) filter (where not is_symbol and symbol is not null), 0
        ) as both_value_and_symbol,
        coalesce(
            sum(row_count) filter (where not regexp_full_match(period, '\d{4}(-01)?')), 0
        ) as malformed_periods,
        coalesce(
            sum(row_count) filter (where (breakdown_topic = 'All') <> is_all_group), 0
        ) as mixed_wholes,
        coalesce(sum(areas_missing), 0) as authorities_without_area
    from coded
),

-- A hash of 64 bits stands for the key: two of 4 million rows share one by chance in one run of
-- two million, and then the release is refused, not a duplicate let through.
keys as (
    select
        count(*) - count(
            distinct hash(
                source,
                vintage,
                dataset,
                indicator,
                period,
                la_code,
                area_code,
                breakdown_topic,
                breakdown
            )
        ) as duplicate_keys,
        count(distinct file_id) as file_count
    from core.published_figure
),

final as (
    select
        summed.*,
        keys.duplicate_keys,
        keys.file_count
    from summed
    cross join keys
)

select * from final
