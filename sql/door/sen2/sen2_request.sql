-- One row: a request for an assessment.
with final as (
    select
        request.row_number,
        request.person_record,
        request.record as request_record,
        known.pseudonym,
        request.received_date,
        known_code('RequestSource', request.request_source) as request_source,
        request.is_in_youth_accommodation,
        request.request_outcome_date,
        known_code('RequestOutcome', request.request_outcome) as request_outcome,
        request.has_request_mediation,
        request.has_request_tribunal,
        of_form(request.exported_la_code, '[0-9]{3}') as exported_la_code,
        full_years(person.birth_date, request.received_date) as age_at_request
    from parsed.request
    inner join identity.person as known on request.person_record = known.person_record
    inner join parsed.person on request.person_record = person.person_record
)

select * from final
