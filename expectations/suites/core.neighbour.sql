-- One row: how many statistical neighbours are at fault, by what is wrong.
with by_authority as (
    select
        la_code,
        count(*) as neighbour_count
    from core.neighbour
    group by la_code
),

final as (
    select
        count(*) as row_count,
        count(*) filter (where neighbour.la_code = neighbour.neighbour_la_code) as own_neighbours,
        count(*) filter (where area.la_code is null) as neighbours_not_in_reference,
        (
            select count(*) from by_authority
            where neighbour_count <> 10
        ) as authorities_without_ten
    from core.neighbour
    left join core.area on neighbour.neighbour_la_code = area.la_code
)

select * from final
