-- One row: plans that came with a child from another authority in the calendar year, for one area,
-- period and group of children in one return.
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
        dataset = 'transfers_in'
        and indicator = 'plans_transferred_in'
)

select * from final
