-- One row: the value of a measure that a reader sees for an authority, or for England, in one year.
-- A share is given from its counts, because a printed percentage is rounded.
-- Asked for: kpi, first_period, nation.
with final as (
    select
        coalesce(kpi_value.la_code, kpi_value.area_code) as area_key,
        cast(substr(kpi_value.period, 1, 4) as integer) as year,
        cast(
            case
                when
                    measure.unit = 'percent'
                    and kpi_value.numerator is not null
                    and kpi_value.denominator > 0
                    then 100 * kpi_value.numerator / kpi_value.denominator
                else kpi_value.value
            end as double
        ) as value,
        cast(kpi_value.numerator as double) as numerator,
        cast(kpi_value.denominator as double) as denominator
    from marts.kpi_value
    inner join asked_for on kpi_value.kpi = asked_for.kpi
    inner join marts.measure on kpi_value.kpi = measure.kpi
    where
        kpi_value.period_kind in ('stock', 'flow')
        and kpi_value.period >= asked_for.first_period
        and kpi_value.is_shown
        and kpi_value.value is not null
        and kpi_value.breakdown_topic = 'All'
        and kpi_value.breakdown = 'All'
        and (kpi_value.area_kind = 'authority' or kpi_value.area_code = asked_for.nation)
)

select * from final
order by area_key, year
