-- One row: a correction that a case worker has decided on, from one file of the council, and what
-- became of it. A later file of the same kind replaces the earlier ones: is_newest marks its rows.
-- What the file printed stays in staging and landing; core shows the record as corrected.
with latest as (
    select distinct file_id
    from core.correction_choice
),

child as (
    select distinct pseudonym
    from staging.sen2_person
),

applied as (
    select
        correction_file_id,
        correction_row_number,
        cast(count(*) filter (where is_applied) as bigint) as applied_count
    from core.corrected_value
    group by correction_file_id, correction_row_number
),

final as (
    select
        case_correction.file_id,
        case_correction.row_number,
        case_correction.la_code,
        case_correction.pseudonym,
        case_correction.key_id,
        case_correction.corrected_file_id,
        case_correction.module,
        case_correction.column_name,
        case_correction.printed_text,
        case_correction.corrected_text,
        case_correction.reason,
        case_correction.decided_by_role,
        case_correction.decided_date,
        latest.file_id is not null as is_newest,
        coalesce(applied.applied_count, 0) > 0 as is_applied,
        coalesce(applied.applied_count, 0) as applied_count,
        case
            when latest.file_id is null then 'in_an_earlier_file'
            when choice.row_number is null then 'decided_anew'
            when applied.applied_count > 0 then 'applied'
            when applied.applied_count = 0 then 'several_records'
            when child.pseudonym is null then 'no_such_child'
            when case_correction.printed_text is null and case_correction.corrected_file_id is null
                then 'no_return_named'
            else 'no_such_value'
        end as correction_status
    from staging.case_correction
    left join latest on case_correction.file_id = latest.file_id
    left join core.correction_choice as choice
        on
            case_correction.file_id = choice.file_id
            and case_correction.row_number = choice.row_number
    left join applied
        on
            case_correction.file_id = applied.correction_file_id
            and case_correction.row_number = applied.correction_row_number
    left join child on case_correction.pseudonym = child.pseudonym
)

select * from final
