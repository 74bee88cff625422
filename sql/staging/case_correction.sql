-- One row: a correction that a case worker has decided on, with its reason.
with final as (
    select
        file_id,
        row_number,
        la_code,
        pseudonym,
        key_id,
        corrected_file_id,
        module,
        column_name,
        printed_text,
        corrected_text,
        reason,
        decided_by_role,
        decided_date
    from landing.case_correction
)

select * from final
