-- One row: whether the summary counts every row that a finding is about.
with found as (
    select
        coalesce((select sum(row_count) from core.finding), 0)
        + coalesce((select sum(row_count) from core.rule_finding), 0) as finding_rows
),

summed as (
    select
        count(*) as row_count,
        coalesce(sum(row_count), 0) as summary_rows
    from marts.finding_summary
),

final as (
    select
        summed.row_count,
        cast(abs(found.finding_rows - summed.summary_rows) as bigint) as findings_lost
    from summed
    cross join found
)

select * from final
