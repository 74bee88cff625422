-- One row: a post in the council's SEND teams, from one file of the council. A later file of the
-- same kind replaces the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        workforce_post.la_code,
        workforce_post.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.workforce_post
    left join core.case_file on workforce_post.file_id = case_file.file_id
),

newest as (
    select
        file_id,
        row_number() over (
            partition by la_code
            order by vintage_order desc, file_id desc
        ) as age_of_file
    from version
),

final as (
    select
        workforce_post.file_id,
        workforce_post.row_number,
        workforce_post.la_code,
        workforce_post.post_code,
        workforce_post.staff_role,
        workforce_post.staff_team,
        workforce_post.full_time_equivalent,
        workforce_post.post_start_date,
        workforce_post.post_end_date,
        workforce_post.is_filled,
        workforce_post.reference_date,
        newest.age_of_file = 1 as is_newest
    from staging.workforce_post
    inner join newest on workforce_post.file_id = newest.file_id
)

select * from final
