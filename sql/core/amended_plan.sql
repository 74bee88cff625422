-- One row: one child's plan that was amended after an annual review, from one file of the council.
-- A later file of the same kind replaces the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        amended_plan.la_code,
        amended_plan.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.amended_plan
    left join core.case_file on amended_plan.file_id = case_file.file_id
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
        amended_plan.file_id,
        amended_plan.row_number,
        amended_plan.la_code,
        amended_plan.pseudonym,
        amended_plan.key_id,
        amended_plan.review_meeting_date,
        amended_plan.amended_plan_date,
        amended_plan.amended_plan_date - amended_plan.review_meeting_date as days_to_amended_plan,
        amended_plan.reference_date,
        newest.age_of_file = 1 as is_newest
    from staging.amended_plan
    inner join newest on amended_plan.file_id = newest.file_id
)

select * from final
