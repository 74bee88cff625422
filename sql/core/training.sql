-- One row: a training session, from one file of the council. A later file of the same kind replaces
-- the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        training.la_code,
        training.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.training
    left join core.case_file on training.file_id = case_file.file_id
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
        training.file_id,
        training.row_number,
        training.la_code,
        training.course,
        training.staff_role,
        training.held_date,
        training.people_count,
        training.plan_action,
        training.reference_date,
        newest.age_of_file = 1 as is_newest
    from staging.training
    inner join newest on training.file_id = newest.file_id
)

select * from final
