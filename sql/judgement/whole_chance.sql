-- One row: the chance that a milestone about a whole measure is met, by the measure's forecast.
with final as (
    select
        stated.la_code,
        stated.milestone,
        stated.plan_version,
        stated.chance,
        'forecast' as chance_from,
        stated.forecast as chance_detail,
        stated.why_not
    from marts.forecast_chance as stated
    inner join marts.plan_milestone as promised
        on
            stated.la_code = promised.la_code
            and stated.milestone = promised.milestone
    where
        stated.chance is not null
        and promised.breakdown_topic = 'All'
)

select * from final
order by milestone, plan_version
