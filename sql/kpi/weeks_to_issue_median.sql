-- One row: the middle one of the weeks from request to plan, exceptions included (published_value),
-- over the plans counted (denominator), for one area, period and group of children in one return.
with cell as (
    select *
    from core.figure
    where
        dataset = 'timeliness_20_week'
        and indicator in ('median_weeks_issue_plan', 'plans_issued_den')
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
        max(case when indicator = 'plans_issued_den' then value end) as denominator,
        max(case when indicator = 'median_weeks_issue_plan' then value end) as published_value,
        max(case when indicator = 'median_weeks_issue_plan' then symbol end) as symbol,
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
    -- no row where the file holds the count of plans only
    having max(case when indicator = 'median_weeks_issue_plan' then 1 end) = 1
)

select * from final
