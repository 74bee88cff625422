-- One row: an authority's number of plans in January beside the January before, in one edition.
with plans as (
    select
        source,
        vintage,
        dataset,
        indicator,
        period,
        area_code,
        value as plans,
        file_id,
        row_number
    from core.published_figure
    where
        dataset = 'caseload'
        and indicator = 'ehcplans'
        and breakdown_topic = 'All'
        and la_code is not null
        and value is not null
),

final as (
    select
        plans.*,
        before.plans as plans_before
    from plans
    inner join plans as before
        on
            plans.source = before.source
            and plans.vintage = before.vintage
            and plans.area_code = before.area_code
            and cast(substr(plans.period, 1, 4) as integer)
            = cast(substr(before.period, 1, 4) as integer) + 1
)

select * from final
