-- One row: one of an authority's ten statistical neighbours, by name, nearest first.
with final as (
    select
        neighbour.la_code,
        neighbour.neighbour_la_code,
        area.area_code as neighbour_area_code,
        area.area_name as neighbour_name,
        neighbour.position,
        neighbour.closeness,
        neighbour.model
    from core.neighbour
    inner join core.area on neighbour.neighbour_la_code = area.la_code
)

select * from final
