-- One row: the average Attainment 8 score as LAIT prints it, for one area, year and SEN provision.
-- LAIT has one item for each provision, so the item is the breakdown.
with final as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        'SEN provision' as breakdown_topic,
        case indicator
            when 'sen_noid_avg_attain8_score' then 'No identified SEN'
            when 'sen_wostat_avg_attain8_score' then 'SEN support'
            when 'sen_stat_avg_attain8_score' then 'Education, health and care plan'
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
        and indicator in (
            'sen_noid_avg_attain8_score',
            'sen_wostat_avg_attain8_score',
            'sen_stat_avg_attain8_score'
        )
)

select * from final
