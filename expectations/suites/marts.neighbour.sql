-- One row: whether every neighbour of the core is in the mart.
with final as (
    select
        count(*) as row_count,
        (select count(*) from core.neighbour) - count(*) as neighbours_lost
    from marts.neighbour
)

select * from final
