-- One row: a GSS code under which an authority has been published.
with final as (
    select
        la_code,
        gss_code,
        is_current
    from landing.gss_code
)

select * from final
