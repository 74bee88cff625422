-- One row: assessments after which a plan was issued (numerator) of assessments in the calendar
-- year, whatever their outcome (denominator), for one area, period and group of children in one
-- release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'assessments'
        -- withdrawn and undecided assessments have no month, and so a month no whole
        and period_kind in ('flow', 'year_to_date')
        and indicator in ('assess_issued', 'assess_in_year', 'assess_issued_pc')
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
        max(case when indicator = 'assess_issued' then value end) as numerator,
        max(case when indicator = 'assess_in_year' then value end) as denominator,
        max(case when indicator = 'assess_issued_pc' then value end) as published_value,
        max(case when indicator = 'assess_issued_pc' then symbol end) as published_symbol,
        max(case when indicator = 'assess_issued' then symbol end) as numerator_symbol,
        max(case when indicator = 'assess_in_year' then symbol end) as denominator_symbol,
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
    -- no row where the file holds one part only: the 2022 release counts plans issued of the
    -- decided cases, and prints no number of assessments in the year
    having
        max(case when indicator in ('assess_issued', 'assess_issued_pc') then 1 end) = 1
        and max(case when indicator in ('assess_in_year', 'assess_issued_pc') then 1 end) = 1
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
        published_value,
        case
            when published_value is not null then null
            when published_symbol is not null then published_symbol
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
