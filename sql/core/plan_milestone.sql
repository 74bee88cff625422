-- One row: a milestone of the delivery plan as first written and as it is after the moves so far.
-- A move states date and level whole, so the last one holds.
with move as (
    select
        *,
        count(*) over (partition by la_code, milestone) as revision_count,
        row_number() over (partition by la_code, milestone order by entry_number desc) as age
    from staging.plan_note
    where entry_kind = 'revision'
),

final as (
    select
        plan_milestone.la_code,
        plan_milestone.position,
        plan_milestone.plan_action,
        plan_milestone.plan_measure,
        plan_milestone.milestone,
        plan_milestone.milestone_text,
        plan_milestone.original_due_date,
        plan_milestone.original_value,
        coalesce(move.new_due_date, plan_milestone.original_due_date) as current_due_date,
        case when move.milestone is null then plan_milestone.original_value else move.new_value end
            as current_value,
        plan_milestone.level_area_key,
        plan_milestone.source_document,
        plan_milestone.statement_date,
        plan_milestone.is_date_assumption,
        plan_milestone.is_value_assumption,
        plan_milestone.assumption_reason,
        cast(coalesce(move.revision_count, 0) as integer) as revision_count,
        move.made_at as revised_at,
        move.author_role as revised_by_role,
        move.note_text as revision_reason
    from staging.plan_milestone
    left join move
        on
            plan_milestone.la_code = move.la_code
            and plan_milestone.milestone = move.milestone
            and move.age = 1
)

select * from final
