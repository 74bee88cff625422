-- One row: a point at which a measure's series changes its meaning, for charts and downloads.
with final as (
    select
        kpi,
        break_at,
        break_reason
    from core.measure_break
)

select * from final
order by kpi, break_at
