-- One row: psychologists' advice that came within 6 weeks (numerator) of that which came in the
-- period (denominator), for one area in one return.
with cell as (
    select *
    from core.figure
    where
        dataset = 'ep_advice'
        and indicator in ('received_in_time', 'received')
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
        max(case when indicator = 'received_in_time' then value end) as numerator,
        max(case when indicator = 'received' then value end) as denominator,
        max(case when indicator = 'received_in_time' then symbol end) as numerator_symbol,
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
