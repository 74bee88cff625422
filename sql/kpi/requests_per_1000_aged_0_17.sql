-- One row: requests for an assessment in the calendar year (numerator) of people aged 0 to 17 in
-- the middle of it (denominator), for one area in one release. No row where that population is not
-- held, and none of a month.
with request as (
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
        coalesce(la_code, area_code) as area
    from core.figure
    where
        dataset = 'requests'
        and indicator = 'requests_received_in_year'
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
        request.source,
        request.vintage,
        request.period,
        request.la_code,
        request.area_code,
        request.breakdown_topic,
        request.breakdown,
        request.value as numerator,
        population.value as denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when request.symbol is not null then request.symbol
            when population.symbol is not null then population.symbol
            when population.value = 0 then 'z'
        end as symbol,
        request.file_id,
        request.row_number
    from request
    inner join population
        on
            request.area = population.area
            and request.period = population.period
)

select * from final
