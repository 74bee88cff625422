-- One row: a local authority, open or abolished, by its three-digit code.
with final as (
    select
        la_code,
        authority_name,
        region_code,
        valid_from,
        valid_to,
        succeeded_by
    from landing.authority
)

select * from final
