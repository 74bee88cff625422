-- One row: one of an authority's ten statistical neighbours.
with final as (
    select
        la_code,
        neighbour_la_code,
        position,
        closeness,
        model
    from landing.neighbour
)

select * from final
