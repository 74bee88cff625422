-- One row: a child of this file and a pseudonym given earlier that is the same person, with the
-- reason. UPN before former UPN before ULN. A name leads to somebody only if one child here and one
-- person there bear it, nobody else here is that person, and neither UPNs nor ULNs say otherwise:
-- twins and children of one name stay two.
with matched as (
    select
        own_key.child,
        known.pseudonym,
        own_key.identifier_kind,
        own_key.identifier_hash,
        known.identifier_kind as known_kind
    from identity.own_key
    inner join identity.known on own_key.identifier_hash = known.identifier_hash
),

sure as (
    select
        child,
        pseudonym,
        case when identifier_kind = 'uln' then 'uln' else 'upn' end as match_basis,
        case identifier_kind
            when 'uln' then 3
            when 'former_upn' then 2
            else case when known_kind = 'former_upn' then 1 else 0 end
        end as place
    from matched
    where identifier_kind <> 'name'
),

name_here as (
    select identifier_hash
    from identity.own_key
    where
        identifier_kind = 'name'
        and identifier_hash in (select known.identifier_hash from identity.known)
    group by identifier_hash
    having count(distinct child) = 1
),

name_there as (
    select identifier_hash
    from identity.known
    where identifier_kind = 'name'
    group by identifier_hash
    having count(distinct pseudonym) = 1
),

-- Permanent numbers of both sides that differ say that they are two people.
apart as (
    select
        matched.child,
        matched.pseudonym
    from matched
    inner join identity.own_key on matched.child = own_key.child
    inner join identity.known_number
        on
            matched.pseudonym = known_number.pseudonym
            and own_key.identifier_kind = known_number.identifier_kind
    where
        matched.identifier_kind = 'name'
        and own_key.identifier_kind in ('upn', 'uln')
    group by matched.child, matched.pseudonym, own_key.identifier_kind
    having not bool_or(own_key.identifier_hash = known_number.identifier_hash)
),

by_name as (
    select
        matched.child,
        matched.pseudonym
    from matched
    inner join name_here on matched.identifier_hash = name_here.identifier_hash
    inner join name_there on matched.identifier_hash = name_there.identifier_hash
    left join sure on matched.pseudonym = sure.pseudonym
    left join sure as own_sure on matched.child = own_sure.child
    left join apart on matched.child = apart.child and matched.pseudonym = apart.pseudonym
    where
        matched.identifier_kind = 'name'
        and sure.pseudonym is null
        and own_sure.child is null
        and apart.pseudonym is null
),

named_by_one as (
    select min(child) as child
    from by_name
    group by pseudonym
    having count(distinct child) = 1
),

final as (
    select
        child,
        pseudonym,
        match_basis,
        place
    from sure
    union all
    select
        by_name.child,
        min(by_name.pseudonym) as pseudonym,
        'name' as match_basis,
        4 as place
    from by_name
    where by_name.child in (select named_by_one.child from named_by_one)
    group by by_name.child
    having count(distinct by_name.pseudonym) = 1
)

select * from final
