-- One row: a file taken in at the door, with how many of its rows were accepted.
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
    from landing.received_file
)

select * from final
