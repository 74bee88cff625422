-- One row: a school or college of the register, with what is known of its type and authority.
with final as (
    select
        school.record as establishment_record,
        school.establishment_type_code,
        school.establishment_type,
        school.establishment_status,
        school.establishment_name,
        school.ukprn,
        school.open_date,
        school.close_date,
        try_cast(school.low_age as integer) as low_age,
        try_cast(school.high_age as integer) as high_age,
        school.sen_provision,
        coalesce(try_cast(school.sen_unit_capacity as integer), 0) as sen_unit_places,
        coalesce(
            try_cast(school.resourced_provision_capacity as integer), 0
        ) as resourced_provision_places,
        kind.establishment_type_code is not null as is_known_type,
        kind.establishment_type as name_of_type
    from parsed.establishment as school
    left join reference.establishment_type as kind
        on school.establishment_type_code = kind.establishment_type_code
)

select * from final
