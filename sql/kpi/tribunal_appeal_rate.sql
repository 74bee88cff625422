-- One row: appeals registered (numerator) of the decisions that could be appealed (denominator),
-- for one area and year in one release; LAIT gives the rate alone, for regions too.
with cell as (
    select *
    from core.figure
    where
        dataset = 'tribunal_appeals'
        and indicator in ('appeals_registered', 'appealable_decisions', 'appeal_rate')
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
        max(case when indicator = 'appealable_decisions' then value end) as denominator,
        max(case when indicator = 'appeal_rate' then value end) as published_value,
        max(case when indicator = 'appeal_rate' then symbol end) as published_symbol,
        max(case when indicator = 'appeals_registered' then symbol end) as numerator_symbol,
        max(case when indicator = 'appealable_decisions' then symbol end) as denominator_symbol,
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
    having max(case when indicator in ('appeals_registered', 'appeal_rate') then 1 end) = 1
),

dfe as (
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
),

lait as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        cast(null as decimal(18, 6)) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        value as published_value,
        symbol,
        file_id,
        row_number
    from core.figure
    where
        dataset = 'lait'
        and indicator = 'sen_appealabledec'
),

final as (
    select * from dfe
    union all
    select * from lait
)

select * from final
