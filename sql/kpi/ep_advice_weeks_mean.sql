-- One row: the average weeks from asking a psychologist for advice to its coming
-- (published_value), over the advice that came in a period (denominator), for one area in one
-- return.
with cell as (
    select *
    from core.figure
    where
        dataset = 'ep_advice'
        and indicator in ('weeks_mean', 'received')
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
        cast(null as decimal(18, 6)) as numerator,
        max(case when indicator = 'received' then value end) as denominator,
        max(case when indicator = 'weeks_mean' then value end) as published_value,
        max(case when indicator = 'weeks_mean' then symbol end) as symbol,
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
)

select * from final
