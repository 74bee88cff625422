-- One row: one published figure, or the symbol that stands in its place.
with final as (
    select
        source,
        vintage,
        dataset,
        indicator,
        period,
        area_code,
        breakdown_topic,
        breakdown,
        value,
        symbol,
        file_id,
        row_number
    from core.published_figure
)

select * from final
