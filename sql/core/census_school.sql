-- One row: a school in a school census of one term.
with final as (
    select
        file_id,
        row_number,
        school_record,
        la_code,
        establishment_number,
        urn,
        census_term,
        census_year,
        reference_date,
        school_phase,
        school_type
    from staging.census_school
)

select * from final
