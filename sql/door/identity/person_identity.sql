-- One row: an identifier, as the pseudonym key makes it, and the pseudonym that it leads to. A
-- child has each of its identifiers once: only where two here are one person could a row repeat.
-- (Its rows are fetched as they come, where a union may make the engine stand still: see "A trap of
-- the engine" in docs/guide-developer.md.)
with final as (
    select
        child.pseudonym,
        own_key.identifier_kind,
        own_key.identifier_hash,
        file.key_id
    from identity.own_key
    inner join identity.child on own_key.child = child.child
    anti join identity.twice
        on
            own_key.child = twice.child
            and own_key.identifier_kind = twice.identifier_kind
            and own_key.identifier_hash = twice.identifier_hash
    cross join door.file
)

select * from final
