-- One row: plans with a residential placement of one length, for one area and January in one
-- release. The length is the breakdown, so only the rows for all children are read.
with part (indicator, breakdown) as (
    select *
    from (
        values
        ('res_3851', '38 to 51 weeks a year'),
        ('res_52', '52 weeks a year')
    )
),

final as (
    select
        figure.source,
        figure.vintage,
        figure.period,
        figure.la_code,
        figure.area_code,
        'Length of residential placement' as breakdown_topic,
        part.breakdown,
        figure.value as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as decimal(18, 6)) as published_value,
        figure.symbol,
        figure.file_id,
        figure.row_number
    from core.figure as figure
    inner join part on figure.indicator = part.indicator
    where
        figure.dataset = 'residential_settings'
        and figure.breakdown_topic = 'All'
)

select * from final
