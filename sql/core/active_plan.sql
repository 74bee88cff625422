-- One row: what one return says of a plan in force: its review, phase transfer, transfer in. As the
-- case workers have corrected it; what the return printed stays in staging.
with corrected as (
    select
        file_id,
        record_number as request_record,
        max(corrected_text) filter (where column_name = 'transfer_la_code') as transfer_la_code,
        max(corrected_text) filter (where column_name = 'residential') as residential,
        max(corrected_text) filter (where column_name = 'work_based') as work_based,
        cast(
            max(corrected_text) filter (where column_name = 'review_meeting_date') as date
        ) as review_meeting_date,
        max(corrected_text) filter (where column_name = 'review_outcome') as review_outcome,
        cast(
            max(corrected_text) filter (where column_name = 'review_draft_date') as date
        ) as review_draft_date,
        cast(
            max(corrected_text) filter (where column_name = 'phase_transfer_due_date') as date
        ) as phase_transfer_due_date,
        cast(
            max(corrected_text) filter (where column_name = 'phase_transfer_final_date') as date
        ) as phase_transfer_final_date,
        cast(
            max(corrected_text) filter (where column_name = 'last_review_date') as date
        ) as last_review_date
    from core.corrected_value
    where module = 'active_plan' and is_applied
    group by file_id, record_number
),

final as (
    select
        sen2_active_plan.file_id,
        sen2_active_plan.row_number,
        sen2_active_plan.person_record,
        sen2_active_plan.request_record,
        sen2_active_plan.pseudonym,
        coalesce(corrected.transfer_la_code, sen2_active_plan.transfer_la_code) as transfer_la_code,
        coalesce(corrected.residential, sen2_active_plan.residential) as residential,
        coalesce(corrected.work_based, sen2_active_plan.work_based) as work_based,
        coalesce(
            corrected.review_meeting_date, sen2_active_plan.review_meeting_date
        ) as review_meeting_date,
        coalesce(corrected.review_outcome, sen2_active_plan.review_outcome) as review_outcome,
        coalesce(
            corrected.review_draft_date, sen2_active_plan.review_draft_date
        ) as review_draft_date,
        coalesce(
            corrected.phase_transfer_due_date, sen2_active_plan.phase_transfer_due_date
        ) as phase_transfer_due_date,
        coalesce(
            corrected.phase_transfer_final_date, sen2_active_plan.phase_transfer_final_date
        ) as phase_transfer_final_date,
        coalesce(corrected.last_review_date, sen2_active_plan.last_review_date) as last_review_date
    from staging.sen2_active_plan
    left join corrected
        on
            sen2_active_plan.file_id = corrected.file_id
            and sen2_active_plan.request_record = corrected.request_record
)

select * from final
