-- One row: a pupil on the roll of a school in a school census, known by a pseudonym.
with final as (
    select
        file_id,
        row_number,
        school_record,
        pupil_record,
        pseudonym,
        key_id,
        match_basis,
        enrolment_status,
        nc_year,
        sen_provision,
        is_sen_unit,
        is_resourced_provision,
        has_top_up_funding,
        is_fsm_eligible,
        birth_month,
        age_at_31_august,
        sex,
        ethnicity,
        district_code
    from landing.census_pupil
)

select * from final
