-- One row: advice that came from educational psychologists in a period (numerator), for one area
-- in one return.
with final as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        value as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as decimal(18, 6)) as published_value,
        symbol,
        file_id,
        row_number
    from core.figure
    where
        dataset = 'ep_advice'
        and indicator = 'received'
)

select * from final
