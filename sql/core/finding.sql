-- One row: something the door found wrong or worth knowing in a file, with the file's name.
with final as (
    select
        finding.*,
        received_file.source,
        received_file.dataset,
        received_file.vintage,
        received_file.file_name
    from staging.finding
    left join staging.received_file on finding.file_id = received_file.file_id
)

select * from final
