-- One row: the chance that a milestone is met, by the forecast of its measure or of a part of it.
with final as (
    select
        stated.la_code,
        stated.milestone,
        stated.plan_version,
        stated.chance,
        'forecast' as chance_from,
        stated.forecast as chance_detail,
        stated.why_not,
        promised.breakdown_topic = 'All' as is_about_whole
    from marts.forecast_chance as stated
    inner join marts.plan_milestone as promised
        on
            stated.la_code = promised.la_code
            and stated.milestone = promised.milestone
)

select * from final
order by milestone, plan_version
