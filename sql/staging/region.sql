-- One row: a region, a part of London that is published like one, or the nation.
with final as (
    select
        region_code,
        region_name,
        region_kind,
        country_code
    from landing.region
)

select * from final
