-- One row: plans due for a phase transfer whose final plan is dated by the legal date (numerator)
-- of those due (denominator), for one area, year of transfer and group of children in one return.
-- One pair of counts for each year of transfer (due_26 and ontime_26): the year is theirs.
with cell as (
    select
        source,
        vintage,
        '20' || substr(indicator, length(indicator) - 1, 2) as period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        substr(indicator, 1, length(indicator) - 3) as part,
        value,
        symbol,
        file_id,
        row_number
    from core.figure
    where
        dataset = 'phase_transfers'
        and (indicator like 'due%' or indicator like 'ontime%')
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
        max(case when part = 'ontime' then value end) as numerator,
        max(case when part = 'due' then value end) as denominator,
        max(case when part = 'ontime' then symbol end) as numerator_symbol,
        max(case when part = 'due' then symbol end) as denominator_symbol,
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
            when denominator_symbol is not null then denominator_symbol
            when numerator is null or denominator is null then 'x'
            when denominator = 0 then 'z'
        end as symbol,
        file_id,
        row_number
    from figure
)

select * from final
