-- One row: a pupil on the roll of one school. A child registered at two schools stands in two rows:
-- core counts enrolment status C and M, so that the child counts once.
with entitled as (
    select distinct period.parent as pupil_record
    from parsed.fsm_period as period
    inner join parsed.pupil_on_roll as pupil on period.parent = pupil.record
    inner join parsed.schoolcensus as census on pupil.parent = census.record
    where
        period.fsm_start_date <= census.reference_date
        and (period.fsm_end_date is null or period.fsm_end_date >= census.reference_date)
),

-- A census without the table of periods does not say that nobody is entitled.
held as (
    select count(*) > 0 as has_periods
    from parsed.fsm_period
),

final as (
    select
        pupil.row_number,
        pupil.parent as school_record,
        pupil.record as pupil_record,
        known.pseudonym,
        known.key_id,
        known.match_basis,
        known_code('EnrolStatus', pupil.enrolment_status) as enrolment_status,
        of_form(pupil.nc_year, 'E[12]|N[12]|R|[1-9]|1[0-4]|M|X') as nc_year,
        known_code('SENprovision', pupil.sen_provision) as sen_provision,
        pupil.is_sen_unit,
        pupil.is_resourced_provision,
        pupil.has_top_up_funding,
        case when held.has_periods then entitled.pupil_record is not null end as is_fsm_eligible,
        known.birth_month,
        known.age_at_31_august,
        case pupil.sex
            when 'M' then 'M'
            when 'F' then 'F'
            -- Before 2016 the gender was a number.
            when '1' then 'M'
            when '2' then 'F'
        end as sex,
        of_form(pupil.ethnicity, '[A-Z]{4}') as ethnicity,
        known.district_code
    from parsed.pupil_on_roll as pupil
    cross join held
    inner join identity.person as known on pupil.person_record = known.person_record
    left join entitled on pupil.record = entitled.pupil_record
)

select * from final
