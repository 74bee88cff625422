-- One row: a file that the figures rest on.
with final as (
    select * from staging.received_file
)

select * from final
