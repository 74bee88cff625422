-- One row: a point at which a measure's series changes its meaning, as its .yml says.
with final as (
    select
        kpi,
        break_at,
        break_reason
    from landing.measure_break
)

select * from final
