-- One row: plans now less plans a year before (numerator) of plans a year before (denominator),
-- for one area, day and group of children. A publisher's two Januaries come from one release. The
-- council's own returns and extracts tell of one day each, so the newest file of the day a year
-- before stands in.
with plan as (
    select
        figure.source,
        figure.vintage,
        figure.period,
        figure.la_code,
        figure.area_code,
        figure.breakdown_topic,
        figure.breakdown,
        figure.value,
        figure.symbol,
        figure.file_id,
        figure.row_number,
        vintage.vintage_order,
        coalesce(figure.la_code, figure.area_code) as area,
        case when figure.source = 'council' then '' else figure.vintage end as release
    from core.figure
    inner join core.vintage
        on
            figure.source = vintage.source
            and figure.dataset = vintage.dataset
            and figure.vintage = vintage.vintage
    where
        figure.dataset = 'caseload'
        and figure.indicator = 'ehcplans'
),

year_before as (
    select
        *,
        row_number() over (
            partition by source, release, period, area, breakdown_topic, breakdown
            order by vintage_order desc
        ) as place
    from plan
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
    inner join year_before as last_january
        on
            this_january.source = last_january.source
            and this_january.release = last_january.release
            and this_january.area = last_january.area
            and this_january.breakdown_topic = last_january.breakdown_topic
            and this_january.breakdown = last_january.breakdown
            and period_before(this_january.period) = last_january.period
            and last_january.place = 1
)

select * from final
