-- One row: appeals registered (numerator) of the decisions that could be appealed on the base in
-- development since 2024 (denominator), for one area and year in one release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'tribunal_appeals'
        and indicator in (
            'appeals_registered',
            'appealable_decisions_2024_basis',
            'appeal_rate_2024_basis'
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
        max(case when indicator = 'appeals_registered' then value end) as numerator,
        max(case when indicator = 'appealable_decisions_2024_basis' then value end) as denominator,
        max(case when indicator = 'appeal_rate_2024_basis' then value end) as published_value,
        max(case when indicator = 'appeal_rate_2024_basis' then symbol end) as published_symbol,
        max(case when indicator = 'appeals_registered' then symbol end) as numerator_symbol,
        max(case when indicator = 'appealable_decisions_2024_basis' then symbol end)
            as denominator_symbol,
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
    -- no row where the year has no such base
    having
        max(
            case
                when
                    indicator in ('appealable_decisions_2024_basis', 'appeal_rate_2024_basis')
                    then 1
            end
        )
        = 1
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
