-- One row: one day of one course for one kind of staff.
with final as (
    select
        row_number,
        la_code,
        course,
        known_code('StaffRole', staff_role) as staff_role,
        held_date,
        cast(people_count as integer) as people_count,
        plan_action,
        reference_date
    from parsed.training
)

select * from final
