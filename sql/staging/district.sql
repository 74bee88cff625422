-- One row: a district, with the authority it lies in.
with final as (
    select
        lad_code,
        district_name,
        la_code
    from landing.district
)

select * from final
