-- One row: plans in January (numerator) of people aged 0 to 17 in the middle of the year before
-- (denominator), for one area in one release. No row where that population is not held.
with plan as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        value,
        symbol,
        file_id,
        row_number,
        coalesce(la_code, area_code) as area,
        substr(period_before(period), 1, 4) as middle_of_year
    from core.figure
    where
        dataset = 'caseload'
        and indicator = 'ehcplans'
        and breakdown_topic = 'All'
),

estimate as (
    select
        figure.period,
        figure.value,
        figure.symbol,
        coalesce(figure.la_code, figure.area_code) as area,
        row_number() over (
            partition by figure.period, coalesce(figure.la_code, figure.area_code)
            order by vintage.vintage_order desc
        ) as age_of_estimate
    from core.figure as figure
    inner join core.vintage as vintage
        on
            figure.source = vintage.source
            and figure.dataset = vintage.dataset
            and figure.vintage = vintage.vintage
    where
        figure.dataset = 'population'
        and figure.indicator = 'population_aged_0_17'
),

-- population estimates are revised too: the newest one held counts
population as (
    select
        period,
        area,
        value,
        symbol
    from estimate
    where age_of_estimate = 1
),

final as (
    select
        plan.source,
        plan.vintage,
        plan.period,
        plan.la_code,
        plan.area_code,
        plan.breakdown_topic,
        plan.breakdown,
        plan.value as numerator,
        population.value as denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when plan.symbol is not null then plan.symbol
            when population.symbol is not null then population.symbol
            when population.value = 0 then 'z'
        end as symbol,
        plan.file_id,
        plan.row_number
    from plan
    inner join population
        on
            plan.area = population.area
            and plan.middle_of_year = population.period
)

select * from final
