-- One row: what was said about an action of the delivery plan, or a milestone that was moved.
with final as (
    select
        la_code,
        entry_kind,
        entry_number,
        made_at,
        author_role,
        plan_action,
        milestone,
        note_text,
        source_document,
        old_due_date,
        new_due_date,
        old_value,
        new_value
    from landing.plan_note
)

select * from final
