-- One row: plans with one kind of work-based placement open, for one area and January in one
-- release. The kind is the breakdown, so only the rows for all children are read.
with part (indicator, breakdown) as (
    select *
    from (
        values
        ('open_supp_intern', 'Supported internship'),
        ('open_apprentice', 'Apprenticeship'),
        ('open_trainee', 'Traineeship')
    )
),

final as (
    select
        figure.source,
        figure.vintage,
        figure.period,
        figure.la_code,
        figure.area_code,
        'Kind of work-based placement' as breakdown_topic,
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
        figure.dataset = 'work_based_placements'
        and figure.breakdown_topic = 'All'
)

select * from final
