-- One row: open cases that have run for more than 20 weeks, without an exception, mediation or a
-- tribunal, for one area and group of children in one return.
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
        dataset = 'open_cases'
        and indicator = 'overdue'
)

select * from final
