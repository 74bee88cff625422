-- One row: a request for an assessment in a SEN2 return.
with final as (
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
        has_request_mediation,
        has_request_tribunal,
        exported_la_code,
        age_at_request
    from landing.sen2_request
)

select * from final
