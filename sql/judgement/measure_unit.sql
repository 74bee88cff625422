-- One row: a measure with its unit and kind of period. Asked for: kpi.
with final as (
    select
        measure.kpi,
        measure.unit,
        measure.period_kind
    from marts.measure
    inner join asked_for on measure.kpi = asked_for.kpi
)

select * from final
order by kpi
