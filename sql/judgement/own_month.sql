-- One row: the council's own value of a measure, or of a part of one, in one month. A stock's
-- January stands in the yearly return; where both are held, the month's own counts. Of what happens
-- over time also the 12 months that end with the month, which with December are the calendar year.
-- Asked for: kpi, la_code, breakdown_topic, breakdown.
with held as (
    select
        replace(kpi_value.period, '-R12', '') as period,
        case when kpi_value.period_kind = 'rolling_year' then 'rolling_year' else 'month' end
            as period_kind,
        kpi_value.area_code,
        cast(kpi_value.value as double) as value,
        row_number() over (
            partition by kpi_value.period
            order by case when kpi_value.period_kind = 'month' then 0 else 1 end asc
        ) as place
    from marts.kpi_value
    inner join asked_for
        on
            kpi_value.kpi = asked_for.kpi
            and kpi_value.la_code = asked_for.la_code
            and kpi_value.breakdown_topic = asked_for.breakdown_topic
            and kpi_value.breakdown = asked_for.breakdown
    where
        kpi_value.source = 'council'
        and kpi_value.is_newest_of_source
        and kpi_value.value is not null
        and (
            kpi_value.period_kind in ('month', 'rolling_year')
            or (kpi_value.period_kind = 'stock' and kpi_value.period like '%-01')
        )
),

final as (
    select
        period_kind,
        period,
        area_code,
        value
    from held
    where place = 1
)

select * from final
order by period_kind, period
