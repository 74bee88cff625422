-- One row: a child or young person in a SEN2 return, known by a pseudonym.
with final as (
    select
        file_id,
        row_number,
        person_record,
        pseudonym,
        key_id,
        match_basis,
        has_upn,
        is_upn_temporary,
        has_uln,
        upn_unknown,
        birth_month,
        age_at_31_august,
        age_at_reference_date,
        sex,
        ethnicity,
        district_code
    from landing.sen2_person
)

select * from final
