-- One row: an area that figures are published for. Authorities are known by la_code; the GSS code
-- printed is the current one, because the codes inside the published files change back and forth.
with authorities as (
    select
        gss_code.gss_code as area_code,
        authority.authority_name as area_name,
        'authority' as area_kind,
        authority.la_code,
        authority.region_code,
        authority.valid_from,
        authority.valid_to,
        authority.succeeded_by
    from staging.authority
    inner join staging.gss_code
        on authority.la_code = gss_code.la_code and gss_code.is_current
),

regions as (
    select
        region_code as area_code,
        region_name as area_name,
        -- Inner and Outer London are published like regions.
        case when region_kind = 'nation' then 'nation' else 'region' end as area_kind,
        cast(null as varchar) as la_code,
        case when region_kind = 'nation' then null else region_code end as region_code,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as succeeded_by
    from staging.region
),

-- The county that never existed is an area only where its rows are.
sample as (
    select distinct
        'X99000999' as area_code,
        'Sample county' as area_name,
        'authority' as area_kind,
        sen2_return.la_code,
        cast(null as varchar) as region_code,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as succeeded_by
    from staging.sen2_return
    left join staging.authority on sen2_return.la_code = authority.la_code
    where sen2_return.la_code = '999' and authority.la_code is null
),

final as (
    select * from authorities
    union all
    select * from regions
    union all
    select * from sample
)

select * from final
