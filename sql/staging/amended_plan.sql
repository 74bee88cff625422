-- One row: one child's plan that was amended after an annual review.
with final as (
    select
        file_id,
        row_number,
        la_code,
        pseudonym,
        key_id,
        review_meeting_date,
        amended_plan_date,
        reference_date
    from landing.amended_plan
)

select * from final
