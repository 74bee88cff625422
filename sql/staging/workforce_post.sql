-- One row: a post in the council's SEND teams.
with final as (
    select
        file_id,
        row_number,
        la_code,
        post_code,
        staff_role,
        staff_team,
        full_time_equivalent,
        post_start_date,
        post_end_date,
        is_filled,
        reference_date
    from landing.workforce_post
)

select * from final
