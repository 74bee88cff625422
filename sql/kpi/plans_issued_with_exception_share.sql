-- One row: plans issued to which an exception applied (numerator) of plans issued in the calendar
-- year in cases without mediation or a tribunal (denominator), for one area, period and group of
-- children in one release. The files print the plans without an exception; the rest had one.
with cell as (
    select *
    from core.figure
    where
        dataset = 'timeliness_20_week'
        and indicator in ('plans_issued_den_ex', 'plans_issued_den')
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
        max(case when indicator = 'plans_issued_den_ex' then value end) as without_exception,
        max(case when indicator = 'plans_issued_den' then value end) as denominator,
        max(case when indicator = 'plans_issued_den_ex' then symbol end) as numerator_symbol,
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
    having max(case when indicator = 'plans_issued_den_ex' then 1 end) = 1
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
        denominator - without_exception as numerator,
        denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when numerator_symbol is not null then numerator_symbol
            when denominator_symbol is not null then denominator_symbol
            when without_exception is null or denominator is null then 'x'
            when denominator = 0 then 'z'
        end as symbol,
        file_id,
        row_number
    from figure
)

select * from final
