-- One row: an assessment of needs.
with final as (
    select
        assessment.row_number,
        assessment.record as item_record,
        assessment.person_record,
        assessment.request_record,
        known.pseudonym,
        known_code('AssessmentOutcome', assessment.assessment_outcome) as assessment_outcome,
        assessment.assessment_outcome_date,
        assessment.has_assessment_mediation,
        assessment.has_assessment_tribunal,
        assessment.has_other_mediation,
        assessment.has_other_tribunal,
        assessment.has_week20_exception
    from parsed.assessment
    inner join identity.person as known on assessment.person_record = known.person_record
)

select * from final
