-- One row: plans issued within 20 weeks of the request to which no exception applied (numerator)
-- of plans issued in the calendar year to which no exception applied, in cases without mediation
-- or a tribunal (denominator), for one area, period and group of children in one release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'timeliness_20_week'
        and indicator in (
            'plans_issued_20_weeks_ex',
            'plans_issued_den_ex',
            'pc_plans_issued_20_weeks_ex'
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
        max(case when indicator = 'plans_issued_20_weeks_ex' then value end) as numerator,
        max(case when indicator = 'plans_issued_den_ex' then value end) as denominator,
        max(case when indicator = 'pc_plans_issued_20_weeks_ex' then value end) as published_value,
        max(case when indicator = 'pc_plans_issued_20_weeks_ex' then symbol end)
            as published_symbol,
        max(case when indicator = 'plans_issued_20_weeks_ex' then symbol end) as numerator_symbol,
        max(case when indicator = 'plans_issued_den_ex' then symbol end) as denominator_symbol,
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
                when indicator in ('plans_issued_20_weeks_ex', 'pc_plans_issued_20_weeks_ex') then 1
            end
        )
        = 1
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

-- the DfE files in this layout begin with 2019
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
        and indicator = 'sen_ehc_excpt_20wks'
        and period < '2019'
),

final as (
    select * from dfe
    union all
    select * from lait
)

select * from final
