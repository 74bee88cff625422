-- One row: the chance that a release states for a milestone that is still open. Public is what
-- stands in the release's public file to the last digit.
with final as (
    select
        asked_for.release_id,
        asked_for.made_at,
        public_status.milestone is not null as is_public,
        stated.milestone,
        stated.plan_version,
        stated.la_code,
        stated.kpi,
        stated.milestone_due,
        stated.chance_from,
        stated.chance
    from officer_file.marts.plan_status as stated
    cross join asked_for
    left join public_file.marts.plan_status as public_status
        on
            stated.milestone = public_status.milestone
            and stated.plan_version = public_status.plan_version
            and stated.chance = public_status.chance
    where stated.chance is not null
)

select * from final
order by milestone, plan_version
