-- One row: a person, with ages, the check letter that the UPN should have, and who looks like another.
with days as (
    select
        reference_date,
        return_year,
        make_date(
            year(reference_date) - cast(month(reference_date) < 9 as integer), 8, 31
        ) as school_year_day,
        -- A birthday of 29 February is kept on the 28th where there is no other.
        month(reference_date) * 100
        + case when reference_date = last_day(reference_date) then 31 else day(reference_date) end
            as month_day
    from reference.setting
),

-- The eleven digits after the letter as one number.
numbered as (
    select
        *,
        try_cast(substr(upn, 2, 11) as bigint) as upn_number,
        substr(upn, 13, 1) as upn_last
    from parsed.person
),

-- Hashes that repeat are few; the numbers themselves are compared among those only.
repeated_upn as (
    select hash(upn) as text_hash
    from parsed.person
    where upn is not null
    group by text_hash
    having count(*) > 1
),

same_upn as (
    select record
    from (
        select
            record,
            count(*) over (partition by upn) as person_count
        from parsed.person
        where
            hash(upn) in (select text_hash from repeated_upn)
            and try_cast(substr(upn, 2, 11) as bigint) is not null
    ) as alike
    where person_count > 1
),

repeated_uln as (
    select hash(uln) as text_hash
    from parsed.person
    where uln is not null
    group by text_hash
    having count(*) > 1
),

same_uln as (
    select record
    from (
        select
            record,
            count(*) over (partition by uln) as person_count
        from parsed.person
        where hash(uln) in (select text_hash from repeated_uln)
    ) as alike
    where person_count > 1
),

-- Two names of one day of birth whose hashes of 64 bits are equal without being the same: in a return
-- of all England once in a million million.
repeated_name as (
    select
        birth_date,
        hash(surname, forename) as name_hash
    from parsed.person
    where birth_date is not null and surname is not null
    group by birth_date, name_hash
    having count(*) > 1
),

final as (
    select
        person.record as person_record,
        person.surname,
        person.forename,
        person.birth_date,
        person.gender_current,
        person.sex,
        person.ethnicity,
        person.postcode,
        person.upn,
        person.uln,
        person.upn_unknown,
        days.reference_date,
        substr(
            'ABCDEFGHJKLMNPQRTUVWXYZ',
            cast(
                (
                    -- Twice the first digit, three times the second, up to twelve times the
                    -- eleventh: the same sum, written without taking each digit by itself.
                    12 * person.upn_number
                    - 109 * (person.upn_number // 10)
                    - 100 * (person.upn_number // 100)
                    - 91 * (person.upn_number // 1000)
                    - 82 * (person.upn_number // 10000)
                    - 73 * (person.upn_number // 100000)
                    - 64 * (person.upn_number // 1000000)
                    - 55 * (person.upn_number // 10000000)
                    - 46 * (person.upn_number // 100000000)
                    - 37 * (person.upn_number // 1000000000)
                    - 28 * (person.upn_number // 10000000000)
                    + 13 * coalesce(
                        try_cast(person.upn_last as integer),
                        nullif(strpos('ABCDEFGHJKLMNPQRTUVWXYZ', person.upn_last), 0) - 1
                    )
                ) % 23 as integer
            ) + 1,
            1
        ) as upn_check_letter,
        person.upn_last,
        -- Years by their parts: date_sub costs seven times as much.
        case
            when person.birth_date > days.reference_date
                then date_sub('year', person.birth_date, days.reference_date)
            else
                year(days.reference_date) - year(person.birth_date)
                - cast(
                    month(person.birth_date) * 100 + day(person.birth_date) > days.month_day as integer
                )
        end as age_at_reference_date,
        case
            when person.birth_date > days.school_year_day then -1
            else
                year(days.school_year_day) - year(person.birth_date)
                - cast(month(person.birth_date) > 8 as integer)
        end as age_at_31_august,
        person.record in (select record from same_upn) as is_upn_repeated,
        person.record in (select record from same_uln) as is_uln_repeated,
        repeated_name.name_hash is not null as is_name_repeated,
        person.record in (
            select person_record from parsed.request
            where person_record is not null
        ) as has_request
    from numbered as person
    left join repeated_name
        on
            person.birth_date = repeated_name.birth_date
            and hash(person.surname, person.forename) = repeated_name.name_hash
    cross join days
)

select * from final
