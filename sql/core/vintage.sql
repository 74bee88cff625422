-- One row: an edition of a source's data set, with its place in the order of publication.
with final as (
    select distinct
        source,
        dataset,
        vintage,
        vintage_order
    from staging.published_row
)

select * from final
