-- One row: a record of a person in the file, with what identifies it in one spelling. A UPN that
-- ends in a letter is temporary. A name counts only whole: surname, forename and birth date. An
-- identifier that stands at different birth dates, or a ULN at different UPNs, tells nobody apart
-- and is left out. A child goes by the number of its first record.
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

formed as (
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
),

mixed_permanent_upn as (
    select permanent_upn
    from formed
    where permanent_upn is not null
    group by permanent_upn
    having min(birth_date) <> max(birth_date)
),

mixed_temporary_upn as (
    select temporary_upn
    from formed
    where temporary_upn is not null
    group by temporary_upn
    having min(birth_date) <> max(birth_date)
),

uln_of_one as (
    select
        uln,
        max(permanent_upn) as permanent_upn
    from formed
    where uln is not null
    group by uln
    having
        coalesce(min(birth_date) = max(birth_date), true)
        and coalesce(min(permanent_upn) = max(permanent_upn), true)
),

told_apart as (
    select
        formed.person_record,
        formed.birth_date,
        formed.postcode,
        formed.full_name,
        case
            when mixed_permanent_upn.permanent_upn is null then formed.permanent_upn
        end as permanent_upn,
        case
            when mixed_temporary_upn.temporary_upn is null then formed.temporary_upn
        end as temporary_upn,
        formed.former_upn,
        uln_of_one.uln,
        formed.permanent_upn is not null or formed.temporary_upn is not null as has_upn,
        formed.temporary_upn is not null as is_upn_temporary,
        formed.uln is not null as has_uln,
        -- Records of one child, as far as the file itself says so.
        coalesce(
            'upn:' || case
                when mixed_permanent_upn.permanent_upn is null
                    then coalesce(formed.permanent_upn, uln_of_one.permanent_upn)
            end,
            'uln:' || uln_of_one.uln,
            'upn:' || case
                when mixed_temporary_upn.temporary_upn is null then formed.temporary_upn
            end
        ) as number_text
    from formed
    left join mixed_permanent_upn on formed.permanent_upn = mixed_permanent_upn.permanent_upn
    left join mixed_temporary_upn on formed.temporary_upn = mixed_temporary_upn.temporary_upn
    left join uln_of_one on formed.uln = uln_of_one.uln
),

repeated as (
    select
        number_text,
        min(person_record) as child
    from told_apart
    where number_text is not null
    group by number_text
    having count(*) > 1
),

final as (
    select
        told_apart.*,
        coalesce(repeated.child, told_apart.person_record) as child,
        repeated.child is not null as is_repeated
    from told_apart
    left join repeated on told_apart.number_text = repeated.number_text
)

select * from final
