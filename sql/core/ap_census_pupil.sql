-- One row: a child in an alternative provision census of January.
with final as (
    select
        file_id,
        row_number,
        pupil_record,
        la_code,
        census_year,
        reference_date,
        pseudonym,
        key_id,
        match_basis,
        urn,
        entry_date,
        leaving_date,
        attendance_pattern,
        placement_reason,
        sen_provision,
        birth_month,
        age_at_31_august,
        sex,
        ethnicity,
        district_code
    from staging.ap_census_pupil
)

select * from final
