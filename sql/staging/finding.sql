-- One row: something the door found wrong or worth knowing in a file.
with final as (
    select
        file_id,
        rule,
        severity,
        column_name,
        row_count,
        first_row_number,
        message,
        remedy
    from landing.finding
)

select * from final
