-- One row: the chance that a milestone is met, by the forecast of its measure.
with final as (
    select
        la_code,
        milestone,
        plan_version,
        chance,
        'forecast' as chance_from,
        forecast as chance_detail,
        why_not
    from marts.forecast_chance
)

select * from final
order by milestone, plan_version
