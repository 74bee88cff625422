-- One row: what was said about an action of the delivery plan, or a milestone that was moved, the
-- newest first. Public is what a document reported (pipelines/release/disclosure.py).
with final as (
    select
        plan_note.la_code,
        plan_note.entry_kind,
        plan_note.entry_number,
        plan_note.made_at,
        plan_note.author_role,
        plan_note.plan_action,
        plan_note.milestone,
        plan_note.note_text,
        plan_note.source_document,
        plan_note.old_due_date,
        plan_note.new_due_date,
        plan_note.old_value,
        plan_note.new_value
    from core.plan_note
)

select * from final
order by made_at desc, entry_number desc
