-- One row: a record of a person in the file, with what tells it apart. An identifier that stands at
-- different birth dates, or a ULN at different UPNs, tells nobody apart and is left out. A child
-- goes by the number of its first record.
-- What repeats is little, and is found by numbers that the engine makes of the texts: of a large
-- census the texts themselves are compared among those only, and no list of all of them is kept.
with repeated_upn as (
    select hash(permanent_upn) as text_number
    from identity.formed
    where permanent_upn is not null
    group by hash(permanent_upn)
    having count(*) > 1
),

mixed_permanent_upn as (
    select permanent_upn
    from identity.formed
    where hash(permanent_upn) in (select repeated_upn.text_number from repeated_upn)
    group by permanent_upn
    having min(birth_date) <> max(birth_date)
),

mixed_temporary_upn as (
    select temporary_upn
    from identity.formed
    where temporary_upn is not null
    group by temporary_upn
    having min(birth_date) <> max(birth_date)
),

repeated_uln as (
    select hash(uln) as text_number
    from identity.formed
    where uln is not null
    group by hash(uln)
    having count(*) > 1
),

shared_uln as (
    select
        uln,
        max(permanent_upn) as permanent_upn,
        coalesce(min(birth_date) = max(birth_date), true)
        and coalesce(min(permanent_upn) = max(permanent_upn), true) as is_of_one
    from identity.formed
    where hash(uln) in (select repeated_uln.text_number from repeated_uln)
    group by uln
),

-- Made twice rather than kept: it is as large as the file.
told_apart as not materialized (
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
        case when coalesce(shared_uln.is_of_one, true) then formed.uln end as uln,
        formed.permanent_upn is not null or formed.temporary_upn is not null as has_upn,
        formed.temporary_upn is not null as is_upn_temporary,
        formed.uln is not null as has_uln,
        -- Records of one child, as far as the file itself says so.
        coalesce(
            'upn:' || case
                when mixed_permanent_upn.permanent_upn is null
                    then coalesce(
                        formed.permanent_upn,
                        case when shared_uln.is_of_one then shared_uln.permanent_upn end
                    )
            end,
            'uln:' || case when coalesce(shared_uln.is_of_one, true) then formed.uln end,
            'upn:' || case
                when mixed_temporary_upn.temporary_upn is null then formed.temporary_upn
            end
        ) as number_text
    from identity.formed
    left join mixed_permanent_upn on formed.permanent_upn = mixed_permanent_upn.permanent_upn
    left join mixed_temporary_upn on formed.temporary_upn = mixed_temporary_upn.temporary_upn
    left join shared_uln on formed.uln = shared_uln.uln
),

repeated_number as (
    select hash(number_text) as text_number
    from told_apart
    where number_text is not null
    group by hash(number_text)
    having count(*) > 1
),

repeated as (
    select
        number_text,
        min(person_record) as child
    from told_apart
    where hash(number_text) in (select repeated_number.text_number from repeated_number)
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
