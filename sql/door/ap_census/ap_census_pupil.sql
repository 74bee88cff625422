-- One row: a placement of a child in alternative provision that the council pays for.
with final as (
    select
        pupil.row_number,
        pupil.record as pupil_record,
        pupil.la_code,
        pupil.census_year,
        pupil.reference_date,
        known.pseudonym,
        known.key_id,
        known.match_basis,
        of_form(pupil.urn, '[0-9]{6}') as urn,
        pupil.entry_date,
        pupil.leaving_date,
        known_code('Attendance', pupil.attendance_pattern) as attendance_pattern,
        -- The council's own code: anything longer is a sentence, and stays here.
        of_form(pupil.placement_reason, '[A-Za-z0-9]{1,6}') as placement_reason,
        known_code('SENprovision', pupil.sen_provision) as sen_provision,
        known.birth_month,
        known.age_at_31_august,
        known_code('Sex', pupil.sex) as sex,
        of_form(pupil.ethnicity, '[A-Z]{4}') as ethnicity,
        known.district_code
    from parsed.ap_pupil as pupil
    inner join identity.person as known on pupil.person_record = known.person_record
)

select * from final
