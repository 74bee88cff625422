-- One row: a pupil on the roll of a school. Runs on the desk over a school census; only inspection
-- lists read it.
with need as (
    select
        parent as pupil_record,
        arg_min(sen_type, record) as primary_need
    from parsed.sen_need
    where sen_type_rank = '1'
    group by parent
),

phase as (
    select
        parent as census_record,
        -- In the words of the register of schools.
        case arg_min(school_phase, record)
            when 'NS' then 'Nursery'
            when 'PS' then 'Primary'
            when 'MP' then 'Middle deemed primary'
            when 'MS' then 'Middle deemed secondary'
            when 'SS' then 'Secondary'
            when 'SP' then 'Special'
            when 'AT' then 'All-through'
            when 'PR' then 'Pupil referral unit'
        end as school_phase
    from parsed.school_detail
    group by parent
),

final as (
    select
        pupil.record as pupil_record,
        pupil.upn,
        pupil.uln,
        pupil.birth_date,
        pupil.sex as gender,
        pupil.ethnicity,
        pupil.sen_provision,
        pupil.enrolment_status,
        census.urn,
        phase.school_phase,
        need.primary_need
    from parsed.pupil_on_roll as pupil
    inner join parsed.schoolcensus as census on pupil.parent = census.record
    left join phase on census.record = phase.census_record
    left join need on pupil.record = need.pupil_record
)

select * from final
