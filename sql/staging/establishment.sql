-- One row: a school or other establishment as a GIAS extract describes it.
with final as (
    select
        file_id,
        row_number,
        urn,
        ukprn,
        la_code,
        establishment_number,
        establishment_name,
        establishment_type_code,
        establishment_type,
        establishment_status,
        school_phase,
        open_date,
        close_date,
        low_age,
        high_age,
        has_sen_unit,
        has_resourced_provision,
        district_code
    from landing.establishment
)

select * from final
