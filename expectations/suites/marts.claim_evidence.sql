-- One row: how many figures behind verdicts are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        count(*) filter (
            where role = 'evidence' and (file_id is null or row_number is null)
        ) as cells_without_row,
        count(*) filter (
            where claim_id not in (select claim.claim_id from marts.claim)
        ) as evidence_without_verdict
    from marts.claim_evidence
)

select * from final
