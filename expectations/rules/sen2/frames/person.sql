-- One row: a person, with ages, the check letter that the UPN should have, and who looks like another.
with days as (
    select
        reference_date,
        return_year,
        make_date(
            year(reference_date) - cast(month(reference_date) < 9 as integer), 8, 31
        ) as school_year_day
    from reference.setting
),

-- The eleven digits after the letter as one number: cheaper to compare than texts.
numbered as (
    select
        *,
        try_cast(substr(upn, 2, 11) as bigint) as upn_number,
        substr(upn, 13, 1) as upn_last,
        hash(surname, forename, birth_date) as name_hash
    from parsed.person
),

repeated_upn as (
    select upn_number
    from numbered
    where upn_number is not null
    group by upn_number
    having count(*) > 1
),

repeated_uln as (
    select uln
    from parsed.person
    where uln is not null
    group by uln
    having count(*) > 1
),

repeated_name as (
    select name_hash
    from numbered
    where birth_date is not null and surname is not null
    group by name_hash
    having count(*) > 1
),

-- Numbers and hashes that repeat are few; the texts themselves are compared among those only.
same_upn as (
    select record
    from (
        select
            record,
            count(*) over (partition by upn) as person_count
        from numbered
        where upn_number in (select upn_number from repeated_upn)
    ) as alike
    where person_count > 1
),

same_uln as (
    select record
    from (
        select
            record,
            count(*) over (partition by uln) as person_count
        from numbered
        where uln in (select uln from repeated_uln)
    ) as alike
    where person_count > 1
),

same_name as (
    select record
    from (
        select
            record,
            count(*) over (partition by surname, forename, birth_date) as person_count
        from numbered
        where name_hash in (select name_hash from repeated_name)
    ) as alike
    where person_count > 1
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
                    2 * (person.upn_number // 10000000000 % 10)
                    + 3 * (person.upn_number // 1000000000 % 10)
                    + 4 * (person.upn_number // 100000000 % 10)
                    + 5 * (person.upn_number // 10000000 % 10)
                    + 6 * (person.upn_number // 1000000 % 10)
                    + 7 * (person.upn_number // 100000 % 10)
                    + 8 * (person.upn_number // 10000 % 10)
                    + 9 * (person.upn_number // 1000 % 10)
                    + 10 * (person.upn_number // 100 % 10)
                    + 11 * (person.upn_number // 10 % 10)
                    + 12 * (person.upn_number % 10)
                    + 13 * coalesce(
                        try_cast(person.upn_last as integer),
                        nullif(strpos('ABCDEFGHJKLMNPQRTUVWXYZ', person.upn_last), 0) - 1
                    )
                ) % 23 as integer
            ) + 1,
            1
        ) as upn_check_letter,
        person.upn_last,
        date_sub('year', person.birth_date, days.reference_date) as age_at_reference_date,
        case
            when person.birth_date > days.school_year_day then -1
            else date_sub('year', person.birth_date, days.school_year_day)
        end as age_at_31_august,
        person.record in (select record from same_upn) as is_upn_repeated,
        person.record in (select record from same_uln) as is_uln_repeated,
        person.record in (select record from same_name) as is_name_repeated,
        exists (
            select 1 from parsed.request where request.person_record = person.record
        ) as has_request
    from numbered as person
    cross join days
)

select * from final
