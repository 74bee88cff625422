-- One row: a file that the figures of this release rest on, for pages and auditors.
with final as (
    select
        file_id,
        source,
        kind,
        dataset,
        file_name,
        archive_name,
        sha256,
        kept_sha256,
        reading_version,
        size_bytes,
        release,
        vintage,
        vintage_order,
        row_count_in,
        row_count_accepted,
        row_count_quarantined
    from core.received_file
)

select * from final
