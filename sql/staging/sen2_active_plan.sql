-- One row: what a SEN2 return says of a plan in force: transfer in, reviews, phase transfer.
-- A request has room for one: of several, of which a rule tells, the first counts.
with numbered as (
    select
        *,
        row_number() over (
            partition by file_id, request_record
            order by item_record, row_number
        ) as place_in_request
    from landing.sen2_active_plan
),

final as (
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
    from numbered
    where place_in_request = 1
)

select * from final
