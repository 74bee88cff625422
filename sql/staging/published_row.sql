-- One row: a row of a published file, as the file says it, with its labels made canonical.
with final as (
    select
        file_id,
        row_number,
        precedence,
        source,
        dataset,
        vintage,
        vintage_order,
        period_kind,
        time_period,
        time_identifier,
        geographic_level,
        nullif(region_code, '') as region_code,
        nullif(gss_code, '') as gss_code,
        nullif(la_code, '') as la_code,
        area_name,
        breakdown_topic,
        breakdown,
        breakdown_topic_label,
        breakdown_label
    from landing.published_row
)

select * from final
