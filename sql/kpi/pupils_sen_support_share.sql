-- One row: the percentage of pupils on SEN support as LAIT prints it, for one area and January.
with final as (
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
)

select * from final
