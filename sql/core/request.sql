-- One row: a request for an assessment in one return, with its clock. A request decided before the
-- collection period (outcome H) is history: it is not received in this year, nor decided.
with dated as (
    select
        sen2_request.*,
        case_return.activity_start,
        case_return.activity_end,
        case_return.reference_date,
        clock.decision_limit_days,
        sen2_request.request_outcome_date - sen2_request.received_date as days_to_decision
    from staging.sen2_request
    inner join core.case_return on sen2_request.file_id = case_return.file_id
    cross join core.clock
),

final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        received_date,
        request_source,
        is_in_youth_accommodation,
        request_outcome_date,
        request_outcome,
        coalesce(has_request_mediation, false) as has_request_mediation,
        coalesce(has_request_tribunal, false) as has_request_tribunal,
        exported_la_code,
        age_at_request,
        days_to_decision,
        coalesce(
            request_outcome <> 'H' and received_date between activity_start and activity_end, false
        ) as is_received_in_period,
        coalesce(
            request_outcome in ('Y', 'N')
            and request_outcome_date between activity_start and activity_end, false
        ) as is_decided_in_period,
        -- Without a date of receipt a decision is neither in time nor late.
        days_to_decision <= decision_limit_days as is_decided_in_time,
        case request_source
            when '1' then 'Parent or young person'
            when '2' then 'School or other education setting'
            when '3' then 'Health care professional'
            when '4' then 'Social care professional'
            when '5' then 'Other'
            else 'Not known'
        end as source_group
    from dated
)

select * from final
