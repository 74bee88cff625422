-- One row: plans at a school or college in the council's own area (numerator) of those at one whose
-- authority is known (denominator), for one area and group of children in one return.
with cell as (
    select *
    from core.figure
    where
        dataset = 'placement_areas'
        and indicator in ('placed_in_area', 'placed_area_known')
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
        max(case when indicator = 'placed_in_area' then value end) as numerator,
        max(case when indicator = 'placed_area_known' then value end) as denominator,
        max(case when indicator = 'placed_in_area' then symbol end) as numerator_symbol,
        max(case when indicator = 'placed_area_known' then symbol end) as denominator_symbol,
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
    -- no row where the file holds the total only
    having max(case when indicator = 'placed_in_area' then 1 end) = 1
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
