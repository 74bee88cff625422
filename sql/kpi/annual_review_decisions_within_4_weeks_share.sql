-- One row: annual reviews whose outcome was sent within 4 weeks (numerator) of those whose outcome
-- was sent at all (denominator), for one area, period and group of children in one release.
-- The first name of each pair is from the 2025 release, misspelling kept; the second from 2026.
with cell as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        case
            when indicator in ('number_decsion_4weeks', 'decision_4_weeks') then 'in_time'
            when indicator in ('number_decision_gt_4weeks', 'decision_over_4_weeks') then 'late'
            else 'percentage'
        end as part,
        value,
        symbol,
        file_id,
        row_number
    from core.figure
    where
        dataset = 'annual_reviews'
        and indicator in (
            'number_decsion_4weeks',
            'decision_4_weeks',
            'number_decision_gt_4weeks',
            'decision_over_4_weeks',
            'pc_decsion_4weeks'
        )
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
        max(case when part = 'in_time' then value end) as numerator,
        max(case when part = 'in_time' then value end)
        + max(case when part = 'late' then value end) as denominator,
        max(case when part = 'percentage' then value end) as published_value,
        max(case when part = 'percentage' then symbol end) as published_symbol,
        max(case when part = 'in_time' then symbol end) as numerator_symbol,
        max(case when part <> 'percentage' then symbol end) as denominator_symbol,
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
    -- no row where the file holds the late decisions only
    having max(case when part in ('in_time', 'percentage') then 1 end) = 1
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
