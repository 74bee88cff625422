-- One row: a public statement of the council, paraphrased, with the day it is judged as at.
with final as (
    select
        claim_id,
        council,
        document_id,
        document_title,
        document_publisher,
        statement_date,
        cast(judged_before as date) as judged_before,
        judged_before_text,
        statement,
        basis,
        needs
    from landing.statement
)

select * from final
