-- One row: what an authority's whole-authority value can be held against, for one period:
-- England, its region, and the mean and median of its statistical neighbours that have a value.
with shown as (
    select
        kpi,
        period,
        la_code,
        area_code,
        value
    from marts.kpi_value
    -- A council's own figures are no match for what the DfE has published of the others.
    where is_shown and breakdown_topic = 'All' and source <> 'council'
),

authorities as (
    select
        shown.kpi,
        shown.period,
        shown.la_code,
        area.region_code
    from shown
    inner join core.area on shown.area_code = area.area_code
    where shown.la_code is not null
),

neighbours as (
    select
        neighbour.la_code,
        shown.kpi,
        shown.period,
        avg(shown.value) as neighbour_mean,
        percentile_cont(0.5) within group (order by shown.value) as neighbour_median,
        count(shown.value) as neighbour_count
    from core.neighbour
    inner join shown on neighbour.neighbour_la_code = shown.la_code
    group by neighbour.la_code, shown.kpi, shown.period
),

final as (
    select
        authorities.kpi,
        authorities.period,
        authorities.la_code,
        england.value as england_value,
        region.value as region_value,
        cast(neighbours.neighbour_mean as decimal(18, 6)) as neighbour_mean,
        cast(neighbours.neighbour_median as decimal(18, 6)) as neighbour_median,
        coalesce(neighbours.neighbour_count, 0) as neighbour_count
    from authorities
    left join shown as england
        on
            authorities.kpi = england.kpi
            and authorities.period = england.period
            and england.area_code = 'E92000001'
    left join shown as region
        on
            authorities.kpi = region.kpi
            and authorities.period = region.period
            and authorities.region_code = region.area_code
    left join neighbours
        on
            authorities.kpi = neighbours.kpi
            and authorities.period = neighbours.period
            and authorities.la_code = neighbours.la_code
)

select * from final
