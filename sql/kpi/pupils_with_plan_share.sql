-- One row: the percentage of pupils with a plan as LAIT prints it, for one area, January and
-- school phase. LAIT has one item for each phase, so the item is the breakdown.
-- And from the school censuses that the council holds: those pupils of all pupils on their rolls.
with lait as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        case when indicator = 'sen_totstat' then 'All' else 'School phase' end as breakdown_topic,
        case indicator
            when 'sen_totstat' then 'All'
            when 'primstatements' then 'Primary'
            when 'secstatements' then 'Secondary'
        end as breakdown,
        cast(null as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        value as published_value,
        symbol,
        file_id,
        row_number
    from core.figure
    where
        dataset = 'lait'
        and indicator in ('sen_totstat', 'primstatements', 'secstatements')
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
        and part.indicator = 'pupils_with_plan'
        and whole.indicator = 'pupils'
),

final as (
    select * from lait
    union all
    select * from own
)

select * from final
