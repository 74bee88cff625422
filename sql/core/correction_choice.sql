-- One row: a correction of a case record that holds: it stands in the newest file of its council,
-- and no later decision is about the same value of the same child.
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

ranked as (
    select
        case_correction.*,
        row_number() over (
            partition by
                case_correction.la_code,
                case_correction.pseudonym,
                case_correction.corrected_file_id,
                case_correction.module,
                case_correction.column_name,
                case_correction.printed_text
            order by
                case_correction.decided_date desc nulls last, case_correction.row_number desc
        ) as age_of_decision
    from staging.case_correction
    inner join newest on case_correction.file_id = newest.file_id
    where newest.age_of_file = 1
),

final as (
    select
        file_id,
        row_number,
        la_code,
        pseudonym,
        corrected_file_id,
        module,
        column_name,
        printed_text,
        corrected_text
    from ranked
    where age_of_decision = 1
)

select * from final
