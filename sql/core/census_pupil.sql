-- One row: a pupil on the roll of a school in a school census. A pupil on two rolls is current at
-- one (C) or has a main school (M) and a subsidiary one (S): is_counted marks the one row of C or M
-- by which the pupil counts in that census.
with placed as (
    select
        census_pupil.*,
        census_school.la_code,
        census_school.urn,
        census_school.census_term,
        census_school.census_year,
        district.la_code as home_la_code,
        coalesce(census_pupil.enrolment_status in ('C', 'M'), false) as is_main_roll
    from staging.census_pupil
    left join staging.census_school
        on
            census_pupil.file_id = census_school.file_id
            and census_pupil.school_record = census_school.school_record
    left join staging.district on census_pupil.district_code = district.lad_code
),

final as (
    select
        file_id,
        row_number,
        school_record,
        pupil_record,
        pseudonym,
        key_id,
        match_basis,
        la_code,
        urn,
        census_term,
        census_year,
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
        district_code,
        -- Of the authority that a plan is usually kept by; not known without a postcode lookup.
        home_la_code,
        is_main_roll
        and (
            pseudonym is null
            or row_number() over (
                partition by file_id, pseudonym, is_main_roll
                order by enrolment_status asc, pupil_record asc
            ) = 1
        ) as is_counted
    from placed
)

select * from final
