-- One row: a point at which a measure's series changes its meaning.
with final as (
    select
        kpi,
        break_at,
        break_reason
    from staging.measure_break
)

select * from final
