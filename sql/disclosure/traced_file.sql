-- One row: how much in a public file tells more of the council's own files than their kind, their
-- edition and rounded sizes, or leads from a figure to one of them, and the first column that does.
with size_of_file as (
    select unnest([row_count_in, row_count_accepted, row_count_quarantined]) as row_count
    from marts.source_file
    where source = 'council'
),

traced as (
    select 'source_file.row_count' as stands_in
    from size_of_file
    cross join kpi.disclosure_limit as limits
    where
        size_of_file.row_count <= limits.largest_hidden
        or size_of_file.row_count % limits.base <> 0
    union all
    select 'source_file.file_id' as stands_in
    from marts.source_file
    where
        source = 'council'
        and (
            coalesce(file_id, archive_name, sha256, kept_sha256, cast(size_bytes as varchar))
            is not null
            or file_name is distinct from kind || ' ' || vintage
        )
    union all
    select 'kpi_value.file_id' as stands_in
    from marts.kpi_value
    where source = 'council' and (file_id is not null or row_number is not null)
    union all
    -- A change would tell of a figure that is hidden.
    select 'kpi_value.change' as stands_in
    from marts.kpi_value
    where value is null and change is not null
    union all
    -- What the rules found in records is the officers'.
    select 'finding_summary.rule' as stands_in
    from marts.finding_summary
    where source = 'council'
),

final as (
    select
        count(*) as trace_count,
        min(stands_in) as first_column
    from traced
)

select * from final
