-- One row: a training session and how many people it reached.
with final as (
    select
        file_id,
        row_number,
        la_code,
        course,
        staff_role,
        held_date,
        people_count,
        plan_action,
        reference_date
    from landing.training
)

select * from final
