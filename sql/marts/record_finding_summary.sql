-- One row: how often one record rule speaks of one version of a return or other person-level file,
-- by status: counts only, no child and no row of a file.
with final as (
    select
        rule,
        severity,
        module,
        kind,
        return_kind,
        return_year,
        reference_date,
        vintage,
        first_found_vintage,
        finding_status,
        cast(sum(row_count) as bigint) as finding_count,
        file_id
    from core.record_finding
    group by
        rule,
        severity,
        module,
        kind,
        return_kind,
        return_year,
        reference_date,
        vintage,
        first_found_vintage,
        finding_status,
        file_id
)

select * from final
order by file_id, rule, module, first_found_vintage, finding_status
