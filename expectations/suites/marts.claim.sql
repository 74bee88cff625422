-- One row: how many verdicts are at fault, by what is wrong.
with final as (
    select
        count(*) as row_count,
        (select count(*) from core.statement) - count(*) as statements_without_verdict,
        count(*) filter (
            where verdict = 'not_testable' and needs is null
        ) as untestable_without_need,
        count(*) filter (
            where
            verdict <> 'not_testable'
            and not exists (
                select 1 from marts.claim_evidence
                where claim_evidence.claim_id = claim.claim_id and claim_evidence.role = 'evidence'
            )
        ) as verdicts_without_evidence
    from marts.claim
)

select * from final
