-- One row: a setting that a child attends or attended, with what the register of schools says of it.
with days as (
    select
        return_year,
        reference_date,
        make_date(
            year(reference_date) - cast(month(reference_date) < 9 as integer), 8, 31
        ) as school_year_day
    from reference.setting
),

known as (
    select
        school.urn,
        school.establishment_status,
        school.close_date,
        school.low_age,
        school.high_age,
        school.has_sen_unit,
        school.has_resourced_provision,
        kind.placement_group,
        kind.is_unusual_for_send
    from reference.establishment as school
    left join reference.establishment_type as kind
        on school.establishment_type_code = kind.establishment_type_code
),

final as (
    select
        setting.record as placement_detail_record,
        setting.urn,
        setting.ukprn,
        setting.sen_setting,
        setting.sen_setting_other is not null as has_sen_setting_other,
        setting.placement_rank,
        setting.is_sen_unit,
        setting.is_resourced_provision,
        setting.entry_date,
        setting.leaving_date,
        setting.residential,
        setting.work_based,
        person.birth_date,
        days.reference_date,
        case
            when person.birth_date > days.school_year_day
                then date_sub('year', person.birth_date, days.school_year_day)
            else
                year(days.school_year_day) - year(person.birth_date)
                - cast(month(person.birth_date) > 8 as integer)
        end as age_at_31_august,
        known.urn is not null as is_urn_known,
        (select count(*) > 0 from reference.establishment) as is_school_list_held,
        setting.urn is null and setting.ukprn in (
            select ukprn from reference.establishment
            where ukprn is not null
        ) as is_urn_known_for_ukprn,
        known.close_date,
        known.low_age,
        known.high_age,
        known.has_sen_unit as is_listed_with_unit,
        known.has_resourced_provision as is_listed_with_resourced_provision,
        known.placement_group,
        known.is_unusual_for_send
    from parsed.placement_detail as setting
    left join known on setting.urn = known.urn
    left join parsed.person as person on setting.person_record = person.record
    cross join days
)

select * from final
