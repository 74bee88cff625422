-- One row: an area that can be chosen on a page.
with final as (
    select
        area_code,
        area_name,
        area_kind,
        la_code,
        region_code,
        valid_from,
        valid_to
    from core.area
)

select * from final
