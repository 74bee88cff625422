-- One row: the percentage of pupils with a plan as LAIT prints it, for one area, January and
-- school phase. LAIT has one item for each phase, so the item is the breakdown.
with final as (
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
)

select * from final
