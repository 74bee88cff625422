-- One row: the return, as its header and the door know it.
with header as (
    select *
    from parsed.header
    qualify row_number() over (order by record) = 1
),

people as (
    select count(*) as person_count
    from parsed.person
),

final as (
    select
        case when setting.is_in_year then 'in_year' else 'annual' end as return_kind,
        file.file_form,
        coalesce(of_form(header.la_code, '[0-9]{3}'), setting.la_code) as la_code,
        setting.return_year,
        setting.reference_date,
        cast(header.prepared_at as date) as prepared_date,
        of_form(header.software_code, '[A-Za-z0-9 ._-]{1,40}') as software_code,
        known_code('YNR', header.designated_medical_officer) as designated_medical_officer,
        known_code('YNR', header.designated_clinical_officer) as designated_clinical_officer,
        known_code('YNR', header.designated_social_care_officer) as designated_social_care_officer,
        people.person_count,
        file.key_id
    from reference.setting
    cross join door.file
    cross join people
    left join header on true
)

select * from final
