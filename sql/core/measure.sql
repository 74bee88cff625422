-- One row: a measure, with the words and the unit that its .yml gives it.
with final as (
    select * from staging.measure
)

select * from final
