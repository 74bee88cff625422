-- One row: why a finding may stand, in the words of who decided it.
with final as (
    select
        file_id,
        row_number,
        la_code,
        rule,
        explained_file_id,
        record_key,
        explanation,
        decided_by_role,
        decided_date
    from landing.finding_explanation
)

select * from final
