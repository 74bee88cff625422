-- One row: an identifier of a child in this file, as the pseudonym key makes it. A child with one
-- record has each of its identifiers once; only those of the others have to be made distinct.
with listed as (
    select
        child,
        is_repeated,
        'upn' as identifier_kind,
        'upn:' || permanent_upn as identifier_text
    from identity.printed
    where permanent_upn is not null
    union all
    select
        child,
        is_repeated,
        'temporary_upn' as identifier_kind,
        'upn:' || temporary_upn as identifier_text
    from identity.printed
    where temporary_upn is not null
    union all
    select
        child,
        is_repeated,
        'former_upn' as identifier_kind,
        'upn:' || former_upn as identifier_text
    from identity.printed
    where
        former_upn is not null
        and former_upn is distinct from permanent_upn
        and former_upn is distinct from temporary_upn
    union all
    select
        child,
        is_repeated,
        'uln' as identifier_kind,
        'uln:' || uln as identifier_text
    from identity.printed
    where uln is not null
    union all
    select
        child,
        is_repeated,
        'name' as identifier_kind,
        'name:' || full_name as identifier_text
    from identity.printed
    where full_name is not null
),

texts as (
    select
        child,
        identifier_kind,
        identifier_text
    from listed
    where not is_repeated
    union all
    select distinct
        child,
        identifier_kind,
        identifier_text
    from listed
    where is_repeated
),

final as (
    select
        child,
        identifier_kind,
        keyed_hash('identifier:' || identifier_text) as identifier_hash
    from texts
)

select * from final
