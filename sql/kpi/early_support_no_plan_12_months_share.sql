-- One row: children without a plan 12 months after a referral to early support (numerator) of
-- those referred in the period long enough ago (denominator), for one area and kind of support.
with cell as (
    select *
    from core.figure
    where
        dataset = 'early_support'
        and indicator in ('without_plan_12_months', 'followed_12_months')
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
        max(case when indicator = 'without_plan_12_months' then value end) as numerator,
        max(case when indicator = 'followed_12_months' then value end) as denominator,
        max(case when indicator = 'without_plan_12_months' then symbol end) as numerator_symbol,
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
