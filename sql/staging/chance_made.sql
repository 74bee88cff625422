-- One row: the chance of meeting a milestone that a published release stated.
with final as (
    select
        release_id,
        made_at,
        is_public,
        milestone,
        plan_version,
        la_code,
        kpi,
        milestone_due,
        chance_from,
        chance
    from landing.chance_made
)

select * from final
