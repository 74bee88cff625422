-- One row: the council's value of a measure of the delivery plan in one period. Periods are whole
-- years, or months for a count of a day: parts of a year cannot be held against a year's level.
with final as (
    select
        plan_measure.la_code,
        plan_measure.plan_measure,
        plan_measure.kpi,
        plan_measure.breakdown_topic,
        plan_measure.breakdown,
        plan_measure.polarity,
        kpi_value.period_kind,
        kpi_value.period,
        kpi_value.period_label,
        kpi_value.value,
        kpi_value.source,
        kpi_value.vintage,
        row_number() over (
            partition by plan_measure.la_code, plan_measure.plan_measure
            order by kpi_value.period desc
        ) = 1 as is_newest
    from core.plan_measure
    inner join marts.kpi_value
        on
            plan_measure.kpi = kpi_value.kpi
            and plan_measure.la_code = kpi_value.la_code
            and plan_measure.breakdown_topic = kpi_value.breakdown_topic
            and plan_measure.breakdown = kpi_value.breakdown
    where
        kpi_value.is_shown
        and kpi_value.value is not null
        and (
            kpi_value.period_kind in ('stock', 'flow')
            or (kpi_value.period_kind = 'month' and plan_measure.period_kind = 'stock')
        )
)

select * from final
