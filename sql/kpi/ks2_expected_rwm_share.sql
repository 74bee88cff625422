-- One row: the percentage of pupils at the expected standard as LAIT prints it, for one area, year
-- and SEN provision. LAIT has one item for each provision, so the item is the breakdown.
with final as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        'SEN provision' as breakdown_topic,
        case indicator
            when 'noid_sen_new_ks2_rwm' then 'No identified SEN'
            when 'new_ks2_rwm_sen_w/osta' then 'SEN support'
            when 'new_ks2_rwm_sen_withsta' then 'Education, health and care plan'
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
            'noid_sen_new_ks2_rwm',
            'new_ks2_rwm_sen_w/osta',
            'new_ks2_rwm_sen_withsta'
        )
)

select * from final
