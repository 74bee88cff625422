-- One row: an authority's whole count beside its region's, with how many authorities of the region
-- print the region's figure as their own.
with counts as (
    select *
    from core.published_figure
    where
        source = 'dfe'
        and breakdown_topic = 'All'
        and value > 0
        and not regexp_matches(indicator, '(^|_)(pc|avg)(_|$)')
),

copies as (
    select
        authority.source,
        authority.vintage,
        authority.dataset,
        authority.indicator,
        authority.period,
        authority.area_code,
        authority.value,
        area.region_code,
        region.value as region_value,
        authority.file_id,
        authority.row_number
    from counts as authority
    inner join core.area on authority.la_code = area.la_code
    inner join counts as region
        on
            area.region_code = region.area_code
            and authority.source = region.source
            and authority.vintage = region.vintage
            and authority.dataset = region.dataset
            and authority.indicator = region.indicator
            and authority.period = region.period
            and authority.value = region.value
),

final as (
    select
        *,
        count(*) over (
            partition by source, vintage, dataset, indicator, period, region_code
        ) as copy_count
    from copies
)

select * from final
