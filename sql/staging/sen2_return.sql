-- One row: a SEN2 return or in-year extract: what its header says, and how many people it holds.
with final as (
    select
        file_id,
        return_kind,
        file_form,
        la_code,
        return_year,
        reference_date,
        prepared_date,
        software_code,
        designated_medical_officer,
        designated_clinical_officer,
        designated_social_care_officer,
        person_count,
        key_id
    from landing.sen2_return
)

select * from final
