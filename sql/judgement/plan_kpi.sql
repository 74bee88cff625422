-- One row: a measure that a milestone of the delivery plan rests on.
with final as (
    select distinct kpi
    from marts.plan_milestone
    where kpi is not null
)

select * from final
order by kpi
