-- One row: annual reviews completed in the year (numerator) of those expected in it (denominator),
-- for one area, year and group of children in one release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'annual_reviews'
        and indicator in ('review_completed', 'review_expected')
),

figure as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        max(case when indicator = 'review_completed' then value end) as numerator,
        max(case when indicator = 'review_expected' then value end) as denominator,
        max(case when indicator = 'review_completed' then symbol end) as numerator_symbol,
        max(case when indicator = 'review_expected' then symbol end) as denominator_symbol,
        min(file_id) as file_id,
        min(row_number) as row_number
    from cell
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

final as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        numerator,
        denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when numerator_symbol is not null then numerator_symbol
            when denominator_symbol is not null then denominator_symbol
            when numerator is null or denominator is null then 'x'
            when denominator = 0 then 'z'
        end as symbol,
        file_id,
        row_number
    from figure
)

select * from final
