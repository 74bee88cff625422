-- One row: a keyed identifier that leads to a pseudonym.
with final as (
    select
        file_id,
        pseudonym,
        identifier_kind,
        identifier_hash,
        key_id
    from landing.person_identity
)

select * from final
