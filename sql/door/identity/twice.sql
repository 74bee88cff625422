-- One row: an identifier of a child that another child here, who is the same person, has too.
with shared as (
    select pseudonym
    from identity.child
    group by pseudonym
    having count(*) > 1
),

final as (
    select
        own_key.child,
        own_key.identifier_kind,
        own_key.identifier_hash
    from identity.own_key
    inner join identity.child on own_key.child = child.child
    inner join shared on child.pseudonym = shared.pseudonym
    qualify row_number() over (
        partition by child.pseudonym, own_key.identifier_kind, own_key.identifier_hash
        order by child.child
    ) > 1
)

select * from final
