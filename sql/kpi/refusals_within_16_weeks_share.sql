-- One row: decisions not to issue a plan made within 16 weeks of the request (numerator) of all
-- decisions not to issue a plan that could be timed (denominator), for one area, period and group
-- of children in one release.
with cell as (
    select *
    from core.figure
    where
        dataset = 'assessments'
        and indicator in (
            'outcome_decision_within_time',
            'outcome_decision_over_time',
            'outcome_decision_within_time_pc'
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
        max(case when indicator = 'outcome_decision_within_time' then value end) as numerator,
        max(case when indicator = 'outcome_decision_within_time' then value end)
        + max(case when indicator = 'outcome_decision_over_time' then value end) as denominator,
        max(case when indicator = 'outcome_decision_within_time_pc' then value end)
            as published_value,
        max(case when indicator = 'outcome_decision_within_time_pc' then symbol end)
            as published_symbol,
        max(case when indicator = 'outcome_decision_within_time' then symbol end)
            as numerator_symbol,
        max(
            case
                when
                    indicator in ('outcome_decision_within_time', 'outcome_decision_over_time')
                    then symbol
            end
        ) as denominator_symbol,
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
                when
                    indicator in ('outcome_decision_within_time', 'outcome_decision_within_time_pc')
                    then 1
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
