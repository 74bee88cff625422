-- One row: plans now less plans a year before (numerator) of plans a year before (denominator),
-- for one area, January and group of children. Both Januaries come from the same release.
with plan as (
    select
        source,
        vintage,
        period,
        la_code,
        area_code,
        breakdown_topic,
        breakdown,
        value,
        symbol,
        file_id,
        row_number,
        coalesce(la_code, area_code) as area
    from core.figure
    where
        dataset = 'caseload'
        and indicator = 'ehcplans'
),

final as (
    select
        this_january.source,
        this_january.vintage,
        this_january.period,
        this_january.la_code,
        this_january.area_code,
        this_january.breakdown_topic,
        this_january.breakdown,
        this_january.value - last_january.value as numerator,
        last_january.value as denominator,
        cast(null as decimal(18, 6)) as published_value,
        case
            when this_january.symbol is not null then this_january.symbol
            when last_january.symbol is not null then last_january.symbol
            when last_january.value = 0 then 'z'
        end as symbol,
        this_january.file_id,
        this_january.row_number
    from plan as this_january
    inner join plan as last_january
        on
            this_january.source = last_january.source
            and this_january.vintage = last_january.vintage
            and this_january.area = last_january.area
            and this_january.breakdown_topic = last_january.breakdown_topic
            and this_january.breakdown = last_january.breakdown
            and period_before(this_january.period) = last_january.period
)

select * from final
