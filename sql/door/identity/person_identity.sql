-- One row: an identifier, as the pseudonym key makes it, and the pseudonym that it leads to.
with shared as (
    select pseudonym
    from identity.child
    group by pseudonym
    having count(*) > 1
),

keyed as (
    select
        child.pseudonym,
        own_key.identifier_kind,
        own_key.identifier_hash,
        file.key_id
    from identity.own_key
    inner join identity.child on own_key.child = child.child
    cross join door.file
),

-- A child has each of its identifiers once: only where two here are one person can a row repeat.
final as (
    select keyed.*
    from keyed
    anti join shared on keyed.pseudonym = shared.pseudonym
    union all
    select distinct keyed.*
    from keyed
    semi join shared on keyed.pseudonym = shared.pseudonym
)

select * from final
