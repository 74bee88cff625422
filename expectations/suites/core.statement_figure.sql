-- One row: how many terms of stated figures are at fault, by what is wrong.
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
            where area_key is not null and area_key not in (select areas.area_key from areas)
        ) as areas_not_in_reference,
        count(*) filter (
            where claim_id not in (select statement.claim_id from core.statement)
        ) as figures_without_statement
    from core.statement_figure
)

select * from final
