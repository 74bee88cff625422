-- One row: plans issued more than 52 weeks after the request, exceptions included (numerator) of
-- plans issued in the calendar year, exceptions included, in cases without mediation or a tribunal
-- (denominator), for one area, period and group of children in one release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'timeliness_20_week'
        and indicator in (
            'plans_issued_gt_1_year',
            'plans_issued_den',
            'pc_plans_issued_gt_1_year'
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
        max(case when indicator = 'plans_issued_gt_1_year' then value end) as numerator,
        max(case when indicator = 'plans_issued_den' then value end) as denominator,
        max(case when indicator = 'pc_plans_issued_gt_1_year' then value end) as published_value,
        max(case when indicator = 'pc_plans_issued_gt_1_year' then symbol end) as published_symbol,
        max(case when indicator = 'plans_issued_gt_1_year' then symbol end) as numerator_symbol,
        max(case when indicator = 'plans_issued_den' then symbol end) as denominator_symbol,
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
    having
        max(
            case
                when indicator in ('plans_issued_gt_1_year', 'pc_plans_issued_gt_1_year') then 1
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
