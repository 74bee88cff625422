-- One row: a row set aside at the door, with the reason; its text stays on the ground floor.
with final as (
    select
        file_id,
        row_number,
        reason
    from landing.quarantined_row
)

select * from final
