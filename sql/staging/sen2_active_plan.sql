-- One row: what a SEN2 return says of a plan in force: transfer in, reviews, phase transfer.
with final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        transfer_la_code,
        residential,
        work_based,
        review_meeting_date,
        review_outcome,
        review_draft_date,
        phase_transfer_due_date,
        phase_transfer_final_date,
        last_review_date
    from landing.sen2_active_plan
)

select * from final
