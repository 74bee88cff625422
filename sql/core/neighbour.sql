-- One row: one of an authority's ten statistical neighbours, nearest first.
with final as (
    select
        la_code,
        neighbour_la_code,
        position,
        closeness,
        model
    from staging.neighbour
)

select * from final
