-- One row: a cell whose text is not of its declared type. The text itself stays where it is.
with final as (
    select
        record,
        module,
        column_name
    from parsed.unreadable_cell
)

select * from final
