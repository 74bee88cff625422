-- One row: one post in the services for children with SEND.
with final as (
    select
        row_number,
        la_code,
        post_code,
        known_code('StaffRole', staff_role) as staff_role,
        staff_team,
        cast(full_time_equivalent as decimal(18, 6)) as full_time_equivalent,
        post_start_date,
        post_end_date,
        is_filled,
        reference_date
    from parsed.workforce_post
)

select * from final
