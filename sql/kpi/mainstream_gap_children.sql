-- One row: how many more children would have to be in mainstream schools for an area's share of
-- plans to equal England's, for one January in one release: England's share of the area's plans,
-- less those in mainstream, to the nearest child. Less than nought where the share is above
-- England's.
with figure as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        cast(max(case when indicator = 'mainstream_total' then value end) as bigint)
            as in_mainstream,
        cast(max(case when indicator = 'ehcplans' then value end) as bigint) as plans,
        max(symbol) as symbol,
        min(file_id) as file_id,
        min(row_number) as row_number
    from core.figure
    where
        dataset = 'caseload'
        and indicator in ('mainstream_total', 'ehcplans')
        and breakdown_topic = 'All'
    group by
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown
    -- no row where one of the two counts is not held
    having count(distinct indicator) = 2
),

edition as (
    select
        figure.period,
        figure.in_mainstream,
        figure.plans,
        row_number() over (
            partition by figure.period
            order by vintage.vintage_order desc
        ) as age_of_edition
    from figure
    inner join core.vintage as vintage
        on
            figure.source = vintage.source
            and figure.vintage = vintage.vintage
    where
        figure.area_code = 'E92000001'
        and figure.source = 'dfe'
        and figure.symbol is null
        and vintage.dataset = 'caseload'
),

-- England's newest figure of the same January
england as (
    select
        period,
        in_mainstream,
        plans
    from edition
    where age_of_edition = 1
),

final as (
    select
        figure.source,
        figure.vintage,
        figure.period,
        figure.la_code,
        figure.area_code,
        figure.breakdown_topic,
        figure.breakdown,
        rounded_ratio(
            england.in_mainstream * figure.plans - figure.in_mainstream * england.plans,
            england.plans, 1, 0
        ) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when figure.symbol is not null then figure.symbol
            when figure.plans = 0 then 'z'
        end as symbol,
        figure.file_id,
        figure.row_number
    from figure
    inner join england on figure.period = england.period
    where figure.area_code <> 'E92000001'
)

select * from final
