-- One row: requests that the authority decided not to assess (numerator) of requests received in
-- the calendar year (denominator), for one area, period and group of children in one release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'requests'
        and indicator in (
            'requests_decided_not_to_assess',
            'requests_received_in_year',
            'request_not_assess_pc'
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
        max(case when indicator = 'requests_decided_not_to_assess' then value end) as numerator,
        max(case when indicator = 'requests_received_in_year' then value end) as denominator,
        max(case when indicator = 'request_not_assess_pc' then value end) as published_value,
        max(case when indicator = 'request_not_assess_pc' then symbol end) as published_symbol,
        max(case when indicator = 'requests_decided_not_to_assess' then symbol end)
            as numerator_symbol,
        max(case when indicator = 'requests_received_in_year' then symbol end)
            as denominator_symbol,
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
                when indicator in ('requests_decided_not_to_assess', 'request_not_assess_pc') then 1
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

-- LAIT prints the percentage for the years in which the DfE file prints counts only
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
        and indicator = 'ehcp_initial_req_refused'
        and period < '2023'
),

final as (
    select * from dfe
    union all
    select * from lait
)

select * from final
