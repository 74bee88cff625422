-- One row: an authority that exists today.
with final as (
    select
        la_code,
        area_code
    from marts.area
    where area_kind = 'authority' and valid_to is null and la_code is not null
)

select * from final
order by la_code
