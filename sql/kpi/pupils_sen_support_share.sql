-- One row: the percentage of pupils on SEN support as LAIT prints it, for one area and January.
-- And from the school censuses that the council holds: those pupils of all pupils on their rolls.
with lait as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        cast(null as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        value as published_value,
        symbol,
        file_id,
        row_number
    from core.figure
    where
        dataset = 'lait'
        and indicator = 'sen_totsensup'
),

own as (
    select
        part.source,
        part.vintage,
        part.period,
        part.la_code,
        part.area_code,
        part.breakdown_topic,
        part.breakdown,
        part.value as numerator,
        whole.value as denominator,
        cast(null as decimal(18, 6)) as published_value,
        case when whole.value = 0 then 'z' end as symbol,
        part.file_id,
        part.row_number
    from core.figure as part
    inner join core.figure as whole
        on
            part.source = whole.source
            and part.vintage = whole.vintage
            and part.dataset = whole.dataset
            and part.period = whole.period
            and part.la_code = whole.la_code
    where
        part.dataset = 'school_census'
        and part.indicator = 'pupils_on_sen_support'
        and whole.indicator = 'pupils'
),

final as (
    select * from lait
    union all
    select * from own
)

select * from final
