-- One row: a request that stood in the return before with the same date of receipt, and both outcomes.
with annual as (
    select
        file_id,
        la_code,
        return_year
    from core.case_return
    where return_kind = 'annual' and is_newest
),

pair as (
    select
        later.file_id,
        earlier.file_id as earlier_file_id
    from annual as later
    inner join annual as earlier
        on later.la_code = earlier.la_code and later.return_year = earlier.return_year + 1
),

final as (
    select
        pair.file_id,
        now_request.row_number as request_row,
        now_assessment.row_number as assessment_row,
        'person ' || now_request.person_record as record_key,
        now_request.pseudonym,
        before_request.request_outcome as earlier_request_outcome,
        now_request.request_outcome,
        before_assessment.assessment_outcome as earlier_assessment_outcome,
        now_assessment.assessment_outcome,
        now_request.has_request_mediation or now_request.has_request_tribunal
            as has_request_dispute,
        coalesce(
            now_assessment.has_assessment_mediation or now_assessment.has_assessment_tribunal,
            false
        ) as has_assessment_dispute
    from pair
    inner join core.request as now_request on pair.file_id = now_request.file_id
    inner join core.request as before_request
        on
            pair.earlier_file_id = before_request.file_id
            and now_request.pseudonym = before_request.pseudonym
            and now_request.received_date = before_request.received_date
    left join core.assessment as now_assessment
        on
            now_request.file_id = now_assessment.file_id
            and now_request.request_record = now_assessment.request_record
    left join core.assessment as before_assessment
        on
            before_request.file_id = before_assessment.file_id
            and before_request.request_record = before_assessment.request_record
)

select * from final
