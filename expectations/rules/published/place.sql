-- One row: everything that one edition of a data set prints for an area and a period.
with final as (
    select
        figure.source,
        figure.vintage,
        figure.dataset,
        cast(null as varchar) as indicator,
        figure.period,
        coalesce(figure.area_code, figure.la_code) as area_code,
        area.area_code is not null as is_known_area,
        cast(substr(figure.period, 1, 4) as integer) as period_year,
        cast(substr(figure.vintage, 1, 4) as integer) as vintage_year,
        count(*) as figure_count,
        count(figure.value) as available_count,
        figure.file_id,
        min(figure.row_number) as row_number
    from core.published_figure as figure
    left join core.area on figure.area_code = area.area_code
    group by
        figure.source,
        figure.vintage,
        figure.dataset,
        figure.period,
        figure.la_code,
        figure.area_code,
        area.area_code,
        figure.file_id
)

select * from final
