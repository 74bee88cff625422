-- One row: the chance that a published release stated for a milestone on its day. A milestone that
-- was never moved is one statement and not two; the same chance again in a later release is none.
with ordered as (
    select
        *,
        row_number() over (
            partition by release_id, milestone, milestone_due
            order by plan_version asc
        ) as version_place,
        row_number() over (
            partition by milestone, milestone_due, chance
            order by made_at asc, release_id asc, plan_version asc
        ) as place
    from staging.chance_made
),

final as (
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
    from ordered
    where place = 1 and version_place = 1
)

select * from final
