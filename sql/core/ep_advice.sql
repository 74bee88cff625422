-- One row: advice asked of an educational psychologist for one child, from one file of the council.
-- A later file of the same kind replaces the earlier ones: is_newest marks its rows.
with version as (
    select distinct
        ep_advice.la_code,
        ep_advice.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.ep_advice
    left join core.case_file on ep_advice.file_id = case_file.file_id
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
        ep_advice.file_id,
        ep_advice.row_number,
        ep_advice.la_code,
        ep_advice.pseudonym,
        ep_advice.key_id,
        ep_advice.advice_kind,
        ep_advice.requested_date,
        ep_advice.due_date,
        ep_advice.received_date,
        ep_advice.received_date - ep_advice.due_date as days_late,
        ep_advice.received_date is null as is_outstanding,
        ep_advice.reference_date,
        newest.age_of_file = 1 as is_newest
    from staging.ep_advice
    inner join newest on ep_advice.file_id = newest.file_id
)

select * from final
