-- One row: what a record rule found in one row of a person-level file.
with final as (
    select
        file_id,
        rule,
        severity,
        module,
        row_number,
        record_key,
        pseudonym,
        column_names,
        message,
        remedy,
        -- 1; of the last line of a rule that too many rows break, those that are not listed.
        coalesce(row_count, 1) as row_count
    from landing.record_finding
)

select * from final
