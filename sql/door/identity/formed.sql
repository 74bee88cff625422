-- One row: a record of a person in the file, with what identifies it in one spelling. A UPN that
-- ends in a letter is temporary. A name counts only whole: surname, forename and birth date.
with folded as (
    select
        person_record,
        folded_code(upn) as upn,
        folded_code(former_upn) as former_upn,
        folded_code(uln) as uln,
        folded_name(surname) as surname,
        folded_name(forename) as forename,
        folded_code(postcode) as postcode,
        birth_date
    from identity.identifier
),

final as (
    select
        person_record,
        birth_date,
        postcode,
        case when regexp_full_match(upn, '[A-Z][0-9]{12}') then upn end as permanent_upn,
        case when regexp_full_match(upn, '[A-Z][0-9]{11}[A-Z]') then upn end as temporary_upn,
        case
            when regexp_full_match(former_upn, '[A-Z][0-9]{11}[0-9A-Z]') then former_upn
        end as former_upn,
        case when regexp_full_match(uln, '[0-9]{10}') then uln end as uln,
        surname || '|' || forename || '|' || strftime(birth_date, '%Y-%m-%d') as full_name
    from folded
)

select * from final
