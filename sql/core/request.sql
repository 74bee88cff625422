-- One row: a request for an assessment in one return, with its clock. A request decided before the
-- collection period (outcome H) is history: it is not received in this year, nor decided.
with corrected as (
    select
        file_id,
        record_number as request_record,
        cast(
            max(corrected_text) filter (where column_name = 'received_date') as date
        ) as received_date,
        max(corrected_text) filter (where column_name = 'request_source') as request_source,
        max(corrected_text) filter (
            where column_name = 'is_in_youth_accommodation'
        ) = '1' as is_in_youth_accommodation,
        cast(
            max(corrected_text) filter (where column_name = 'request_outcome_date') as date
        ) as request_outcome_date,
        max(corrected_text) filter (where column_name = 'request_outcome') as request_outcome,
        max(corrected_text) filter (
            where column_name = 'has_request_mediation'
        ) = '1' as has_request_mediation,
        max(corrected_text) filter (
            where column_name = 'has_request_tribunal'
        ) = '1' as has_request_tribunal,
        max(corrected_text) filter (where column_name = 'exported_la_code') as exported_la_code
    from core.corrected_value
    where module = 'request' and is_applied
    group by file_id, record_number
),

stated as (
    select
        sen2_request.file_id,
        sen2_request.row_number,
        sen2_request.person_record,
        sen2_request.request_record,
        sen2_request.pseudonym,
        sen2_request.age_at_request,
        coalesce(corrected.received_date, sen2_request.received_date) as received_date,
        coalesce(corrected.request_source, sen2_request.request_source) as request_source,
        coalesce(
            corrected.is_in_youth_accommodation, sen2_request.is_in_youth_accommodation
        ) as is_in_youth_accommodation,
        coalesce(
            corrected.request_outcome_date, sen2_request.request_outcome_date
        ) as request_outcome_date,
        coalesce(corrected.request_outcome, sen2_request.request_outcome) as request_outcome,
        coalesce(
            corrected.has_request_mediation, sen2_request.has_request_mediation
        ) as has_request_mediation,
        coalesce(
            corrected.has_request_tribunal, sen2_request.has_request_tribunal
        ) as has_request_tribunal,
        coalesce(corrected.exported_la_code, sen2_request.exported_la_code) as exported_la_code
    from staging.sen2_request
    left join corrected
        on
            sen2_request.file_id = corrected.file_id
            and sen2_request.request_record = corrected.request_record
),

dated as (
    select
        stated.*,
        case_return.activity_start,
        case_return.activity_end,
        case_return.reference_date,
        clock.decision_limit_days,
        stated.request_outcome_date - stated.received_date as days_to_decision
    from stated
    inner join core.case_return on stated.file_id = case_return.file_id
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
