-- One row: a public statement of the council. statement_date is a day, a year where only that is
-- known, or null; judged_before is the day before which a figure must have been out to count.
with final as (
    select
        claim_id,
        council,
        document_id,
        document_id || ': ' || document_title || ' (' || document_publisher || ')'
            as source_document,
        statement_date,
        judged_before,
        judged_before_text,
        statement,
        basis,
        needs
    from staging.statement
)

select * from final
