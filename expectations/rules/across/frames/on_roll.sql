-- One row: a person of an annual return who is also on the roll of the January school census.
with annual as (
    select
        file_id,
        la_code,
        return_year
    from core.case_return
    where return_kind = 'annual' and is_newest
),

in_force as (
    select
        file_id,
        pseudonym,
        any_value(request_record) as request_record
    from core.ehc_plan
    where is_in_force
    group by file_id, pseudonym
),

attended as (
    select *
    from core.placement
    where placement_kind = 'attended' and is_counted
),

first_need as (
    select
        file_id,
        pupil_record,
        min(sen_type) as sen_type
    from core.census_need
    where sen_type_rank = '1'
    group by file_id, pupil_record
),

final as (
    select
        annual.file_id,
        person.row_number as person_row,
        need.row_number as sen_need_row,
        attended.row_number as placement_detail_row,
        'person ' || person.person_record as record_key,
        person.pseudonym,
        in_force.request_record is not null as has_plan_in_force,
        pupil.sen_provision,
        need.sen_type,
        first_need.sen_type as census_sen_type,
        attended.urn = pupil.urn as is_at_same_school,
        attended.is_sen_unit,
        attended.is_resourced_provision,
        pupil.is_sen_unit as is_sen_unit_in_census,
        pupil.is_resourced_provision as is_resourced_provision_in_census
    from annual
    inner join core.person on annual.file_id = person.file_id
    inner join core.census_pupil as pupil
        on
            person.pseudonym = pupil.pseudonym
            and annual.la_code = pupil.la_code
            and annual.return_year = pupil.census_year
            and pupil.census_term = 'SPR'
            and pupil.is_counted
    left join in_force
        on person.file_id = in_force.file_id and person.pseudonym = in_force.pseudonym
    left join core.sen_need as need
        on
            in_force.file_id = need.file_id
            and in_force.request_record = need.request_record
            and need.is_primary
    left join attended
        on
            in_force.file_id = attended.file_id
            and in_force.request_record = attended.request_record
    left join first_need
        on pupil.file_id = first_need.file_id and pupil.pupil_record = first_need.pupil_record
)

select * from final
