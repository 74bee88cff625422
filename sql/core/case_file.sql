-- One row: a file of records, or files that belong together, known by its 16 digits. The door
-- writes one record for each module: received_file_id is the first of them, and rows are summed.
with final as (
    select
        substr(file_id, 1, 16) as file_id,
        min(file_id) as received_file_id,
        max(source) as source,
        max(kind) as kind,
        max(release) as release,
        max(vintage) as vintage,
        max(vintage_order) as vintage_order,
        cast(sum(row_count_in) as bigint) as row_count_in,
        cast(sum(row_count_accepted) as bigint) as row_count_accepted,
        cast(sum(row_count_quarantined) as bigint) as row_count_quarantined,
        cast(
            count(*) filter (where row_count_in <> row_count_accepted + row_count_quarantined)
            as bigint
        ) as module_count_unaccounted
    from staging.received_file
    group by substr(file_id, 1, 16)
)

select * from final
