-- One row: assessments with mediation about the decision, for one area, year and group of children
-- in one release.
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
        dataset = 'assessments'
        and indicator = 'number_assess_mediation'
)

select * from final
