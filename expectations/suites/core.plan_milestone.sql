-- One row: how many milestones of the delivery plan are at fault, by what is wrong.
with areas as (
    select coalesce(la_code, area_code) as area_key
    from core.area
),

first_move as (
    select
        milestone,
        old_due_date,
        old_value,
        row_number() over (partition by milestone order by entry_number) as place
    from core.plan_note
    where entry_kind = 'revision'
),

final as (
    select
        count(*) as row_count,
        abs((select count(*) from landing.plan_milestone) - count(*)) as milestones_lost,
        count(*) filter (
            where plan_measure not in (select plan_measure.plan_measure from core.plan_measure)
        ) as milestones_without_measure,
        count(*) filter (
            where
            level_area_key is not null
            and level_area_key not in (select areas.area_key from areas)
        ) as areas_not_in_reference,
        count(*) filter (
            where exists (
                select 1 from first_move
                where
                    first_move.milestone = plan_milestone.milestone
                    and first_move.place = 1
                    and (
                        first_move.old_due_date <> plan_milestone.original_due_date
                        or first_move.old_value is distinct from plan_milestone.original_value
                    )
            )
        ) as milestones_rewritten
    from core.plan_milestone
)

select * from final
