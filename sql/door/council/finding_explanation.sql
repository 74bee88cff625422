-- One row: one finding that was looked into and is as it should be.
with final as (
    select
        row_number,
        la_code,
        rule,
        explained_file_id,
        record_key,
        explanation,
        decided_by_role,
        decided_date
    from parsed.finding_explanation
)

select * from final
