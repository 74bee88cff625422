-- One row: one child's plan that was amended after an annual review.
with final as (
    select
        amended.row_number,
        amended.la_code,
        known.pseudonym,
        known.key_id,
        amended.review_meeting_date,
        amended.amended_plan_date,
        amended.reference_date
    from parsed.amended_plan as amended
    inner join identity.person as known on amended.person_record = known.person_record
)

select * from final
