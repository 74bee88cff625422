-- One row: a record of a person in this file, as the rest of the house may know it.
with setting as (
    select
        reference_date,
        -- The last 31 August before the reference date: for a January census, of the year before.
        case
            when reference_date is null then make_date(return_year - 1, 8, 31)
            else make_date(
                cast(date_part('year', reference_date) as integer)
                - case when date_part('month', reference_date) > 8 then 0 else 1 end, 8, 31
            )
        end as last_31_august
    from reference.setting
),

-- Once for each birth date, of which there are few.
age as (
    select
        printed.birth_date,
        strftime(printed.birth_date, '%Y-%m') as birth_month,
        full_years(printed.birth_date, setting.last_31_august) as age_at_31_august,
        full_years(printed.birth_date, setting.reference_date) as age_at_reference_date
    from (select distinct birth_date from identity.printed) as printed
    cross join setting
),

final as (
    select
        printed.person_record,
        child.pseudonym,
        file.key_id,
        child.match_basis,
        printed.has_upn,
        printed.is_upn_temporary,
        printed.has_uln,
        age.birth_month,
        age.age_at_31_august,
        age.age_at_reference_date,
        postcode_held.district_code
    from identity.printed
    inner join identity.child on printed.child = child.child
    left join identity.district as postcode_held on printed.postcode = postcode_held.postcode
    left join age on printed.birth_date = age.birth_date
    cross join door.file
)

select * from final
