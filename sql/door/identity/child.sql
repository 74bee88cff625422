-- One row: a child of this file with its pseudonym: that of the person found, otherwise a new one
-- made from its best identifier. Where only a name is left, and the name is not one child's alone,
-- the pseudonym is made from the place in the file and links to nothing.
with claimed as (
    select
        child,
        arg_min(pseudonym, (place, pseudonym)) as pseudonym,
        arg_min(match_basis, (place, pseudonym)) as match_basis
    from identity.claim
    group by child
),

-- Only children without a number are named by their name, which is one row of the file.
nameless as (
    select
        printed.child,
        printed.full_name,
        own_key.identifier_hash
    from identity.printed
    left join identity.own_key
        on printed.child = own_key.child and own_key.identifier_kind = 'name'
    where printed.number_text is null
),

taken_name as (
    select identifier_hash
    from identity.known
    where identifier_kind = 'name'
    union
    select identifier_hash
    from identity.own_key
    where
        identifier_kind = 'name'
        and identifier_hash in (select nameless.identifier_hash from nameless)
    group by identifier_hash
    having count(distinct child) > 1
),

texts as (
    select
        child,
        number_text as own_text
    from identity.printed
    where number_text is not null and child = person_record
    union all
    select
        nameless.child,
        case
            when taken_name.identifier_hash is null then 'name:' || nameless.full_name
        end as own_text
    from nameless
    left join taken_name on nameless.identifier_hash = taken_name.identifier_hash
),

final as (
    select
        texts.child,
        -- The hash is the dearest part of the whole: nobody who has a pseudonym needs one.
        coalesce(
            claimed.pseudonym,
            keyed_hash(
                coalesce(texts.own_text, 'record:' || file.file_id || ':' || texts.child)
            )
        ) as pseudonym,
        coalesce(
            claimed.match_basis, case when texts.own_text is not null then 'new' else 'none' end
        ) as match_basis
    from texts
    left join claimed on texts.child = claimed.child
    cross join door.file
)

select * from final
