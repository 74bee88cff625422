-- One row: an assessment in a SEN2 return.
with final as (
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
    from landing.sen2_assessment
)

select * from final
