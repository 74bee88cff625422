-- One row: a plan in force at the reference date, with its review.
with final as (
    select
        active_plan.row_number,
        active_plan.record as item_record,
        active_plan.person_record,
        active_plan.request_record,
        known.pseudonym,
        of_form(active_plan.transfer_la_code, '[0-9]{3}') as transfer_la_code,
        known_code('Res', active_plan.residential) as residential,
        known_code('WBP', active_plan.work_based) as work_based,
        active_plan.review_meeting_date,
        known_code('ReviewOutcome', active_plan.review_outcome) as review_outcome,
        active_plan.review_draft_date,
        active_plan.phase_transfer_due_date,
        active_plan.phase_transfer_final_date,
        active_plan.last_review_date
    from parsed.active_plan
    inner join identity.person as known on active_plan.person_record = known.person_record
)

select * from final
