-- One row: an assessment in a SEN2 return.
-- A request has room for one: of several, of which a rule tells, the first counts.
with numbered as (
    select
        *,
        row_number() over (
            partition by file_id, request_record
            order by item_record, row_number
        ) as place_in_request
    from landing.sen2_assessment
),

final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        assessment_outcome,
        assessment_outcome_date,
        has_assessment_mediation,
        has_assessment_tribunal,
        has_other_mediation,
        has_other_tribunal,
        has_week20_exception
    from numbered
    where place_in_request = 1
)

select * from final
