-- One row: a cell of a published file; a number, or the symbol that stands in its place.
with final as (
    select
        file_id,
        row_number,
        indicator,
        published_number(value_text) as value,
        published_symbol(value_text) as symbol
    from landing.published_cell
)

select * from final
