-- One row: spend so far on the plan's actions that opened places (numerator) and the places open
-- (denominator), for one area and action.
with cell as (
    select *
    from core.figure
    where
        dataset = 'value'
        and indicator in ('spend_on_places', 'places_of_actions')
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
        max(case when indicator = 'spend_on_places' then value end) as numerator,
        max(case when indicator = 'places_of_actions' then value end) as denominator,
        max(case when indicator = 'spend_on_places' then symbol end) as numerator_symbol,
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
            when numerator is null or denominator is null then 'x'
            when denominator = 0 then 'z'
        end as symbol,
        file_id,
        row_number
    from figure
)

select * from final
