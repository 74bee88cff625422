-- One row: plans in mainstream schools outside SEN units and resourced provision (numerator) of
-- all plans (denominator), for one area, January and group of children in one release.
-- If any part is a symbol, so is the whole: a partial sum would be another measure.
with cell as (
    select *
    from core.figure
    where
        dataset = 'caseload'
        and indicator in (
            'mainstream_total',
            'mainstream_la_maintained_senunit',
            'mainstream_la_maintained_resourced_provision',
            'mainstream_academy_senunit',
            'mainstream_academy_resourced_provision',
            'mainstream_free_school_senunit',
            'mainstream_free_school_resourced_provision',
            'ehcplans'
        )
),

figure as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        max(case when indicator = 'mainstream_total' then value end)
        - max(case when indicator = 'mainstream_la_maintained_senunit' then value end)
        - max(case when indicator = 'mainstream_la_maintained_resourced_provision' then value end)
        - max(case when indicator = 'mainstream_academy_senunit' then value end)
        - max(case when indicator = 'mainstream_academy_resourced_provision' then value end)
        - max(case when indicator = 'mainstream_free_school_senunit' then value end)
        - max(case when indicator = 'mainstream_free_school_resourced_provision' then value end)
            as numerator,
        max(case when indicator = 'ehcplans' then value end) as denominator,
        max(symbol) as input_symbol,
        min(file_id) as file_id,
        min(row_number) as row_number
    from cell
    group by
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown
    -- no row where the file holds the total only
    having max(case when indicator = 'mainstream_total' then 1 end) = 1
),

final as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        numerator,
        denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when input_symbol is not null then input_symbol
            when numerator is null or denominator is null then 'x'
            when denominator = 0 then 'z'
        end as symbol,
        file_id,
        row_number
    from figure
)

select * from final
