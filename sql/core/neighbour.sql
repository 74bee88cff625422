-- One row: one of an authority's ten statistical neighbours, nearest first, by the newest model.
-- The model comes with the product and may come again through the door: equal rows are one row.
with newest as (
    select max(model) as model
    from staging.neighbour
),

final as (
    select distinct
        neighbour.la_code,
        neighbour.neighbour_la_code,
        neighbour.position,
        neighbour.closeness,
        neighbour.model
    from staging.neighbour
    inner join newest on neighbour.model = newest.model
)

select * from final
