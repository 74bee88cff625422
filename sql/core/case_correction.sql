-- One row: a correction that a case worker has decided on, from one file of the council. A later
-- file of the same kind replaces the earlier ones: is_newest marks its rows. No correction is
-- applied to a figure yet: it is done when the next return has it.
with version as (
    select distinct
        case_correction.la_code,
        case_correction.file_id,
        coalesce(case_file.vintage_order, 0) as vintage_order
    from staging.case_correction
    left join core.case_file on case_correction.file_id = case_file.file_id
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
        case_correction.file_id,
        case_correction.row_number,
        case_correction.la_code,
        case_correction.pseudonym,
        case_correction.key_id,
        case_correction.module,
        case_correction.column_name,
        case_correction.printed_text,
        case_correction.corrected_text,
        case_correction.reason,
        case_correction.decided_by_role,
        case_correction.decided_date,
        newest.age_of_file = 1 as is_newest,
        false as is_applied
    from staging.case_correction
    inner join newest on case_correction.file_id = newest.file_id
)

select * from final
