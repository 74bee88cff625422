-- One row: a pseudonym that this desk gives to whoever bears the asked one in the file's landed
-- rows. The two differ where somebody else was erased since: who cannot be told apart from others
-- is named by the place in the file, and the places have moved. So they are held together by what
-- identifies them: all identifiers here are the person's there, and are not those of whoever bears
-- the desk's pseudonym there.
with own as (
    select distinct
        pseudonym,
        identifier_hash
    from identity.person_identity
),

counted as (
    select
        pseudonym,
        count(*) as hash_count
    from own
    group by pseudonym
),

fitting as (
    select
        own.pseudonym,
        landed.pseudonym as landed_pseudonym
    from own
    inner join landed on own.identifier_hash = landed.identifier_hash
    inner join counted on own.pseudonym = counted.pseudonym
    group by own.pseudonym, landed.pseudonym, counted.hash_count
    having count(distinct own.identifier_hash) = counted.hash_count
),

final as (
    select fitting.pseudonym
    from fitting
    cross join asked
    where
        fitting.landed_pseudonym = asked.pseudonym
        and (
            fitting.pseudonym = asked.pseudonym
            or fitting.pseudonym not in (
                select own_place.pseudonym
                from fitting as own_place
                where own_place.pseudonym = own_place.landed_pseudonym
            )
        )
)

select * from final
