-- One row: a measure of a whole authority for one period, by the council's own rows and as the DfE
-- published it, where both are known. For a count a difference of up to one in a hundred is small,
-- for any other measure one of up to 1 in the measure's own unit.
with newest as (
    select
        kpi_value.*,
        measure.unit
    from marts.kpi_value
    inner join core.measure on kpi_value.kpi = measure.kpi
    where
        kpi_value.is_newest_of_source
        and kpi_value.breakdown_topic = measure.default_breakdown_topic
        and kpi_value.value is not null
),

own as (
    select *
    from newest
    where source = 'council'
),

published as (
    select *
    from newest
    where source = 'dfe'
),

held_together as (
    select
        own.kpi,
        own.period,
        own.period_kind,
        own.period_label,
        own.la_code,
        own.area_code,
        own.breakdown_topic,
        own.breakdown,
        own.unit,
        own.value as council_value,
        own.vintage as council_vintage,
        published.value as published_value,
        published.vintage as published_vintage,
        own.value - published.value as difference
    from own
    inner join published
        on
            own.kpi = published.kpi
            and own.period = published.period
            and own.period_kind = published.period_kind
            and own.area_code = published.area_code
            and own.breakdown_topic = published.breakdown_topic
            and own.breakdown = published.breakdown
),

final as (
    select
        kpi,
        period,
        period_kind,
        period_label,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        council_value,
        council_vintage,
        published_value,
        published_vintage,
        difference,
        case
            when difference = 0 then 'equal'
            when unit = 'count' and 100 * abs(difference) <= abs(published_value) then 'small'
            when unit <> 'count' and abs(difference) <= 1 then 'small'
            else 'flagged'
        end as difference_kind
    from held_together
)

select * from final
order by kpi, area_code, period
