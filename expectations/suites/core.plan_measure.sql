-- One row: how many measures of the delivery plan are at fault, by what is wrong.
with areas as (
    select coalesce(la_code, area_code) as area_key
    from core.area
),

final as (
    select
        count(*) as row_count,
        count(*) filter (
            where kpi is not null and kpi not in (select measure.kpi from core.measure)
        ) as measures_not_described,
        count(*) filter (
            where polarity is null or polarity = 'none'
        ) as measures_without_direction,
        count(*) filter (
            where
            target_area_key is not null
            and target_area_key not in (select areas.area_key from areas)
        ) as areas_not_in_reference,
        count(*) filter (where kpi is null and needs is null) as untested_without_need
    from core.plan_measure
)

select * from final
