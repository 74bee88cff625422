-- One row: plans with one kind of direct payment or with an organised arrangement, for one area and
-- January in one release. The kind is the breakdown, so only the rows for all children are read. A
-- plan may have several kinds, so the rows need not add up to the personal budgets.
with part (indicator, breakdown) as (
    select *
    from (
        values
        ('pb_education', 'Direct payment for education'),
        ('pb_health', 'Direct payment for health'),
        ('pb_social', 'Direct payment for social care'),
        ('pb_integrated', 'Integrated direct payment'),
        ('org_arrangments', 'Organised arrangement')
    )
),

final as (
    select
        figure.source,
        figure.vintage,
        figure.period,
        figure.la_code,
        figure.area_code,
        'Kind of personal budget' as breakdown_topic,
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
        figure.dataset = 'personal_budgets'
        and figure.breakdown_topic = 'All'
)

select * from final
