-- One row: annual reviews completed in the calendar year, for one area, period and group of
-- children in one release. The DfE's file names the year in its column.
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
        dataset = 'annual_reviews'
        and indicator in ('review_completed', 'review_completed_2025')
)

select * from final
