-- One row: the value of a measure for a period, area and breakdown, in one edition of one source.
-- The only place where a numerator is divided and a value rounded. Every edition is kept; is_shown
-- marks the one a reader sees, and is_revised a value that differs from the edition before. Months,
-- years to date and 12 months come from the council's own rows and are kinds of period of their
-- own, never part of a yearly line; a month's change is from the month before, January's return
-- included, that of 12 months from those a year earlier.
with edition as (
    select
        source,
        vintage,
        max(vintage_order) as vintage_order,
        bool_or(is_in_year) as is_in_year
    from core.vintage
    group by source, vintage
),

measured as (
    select
        measure_row.*,
        measure.decimals,
        case
            when measure_row.source = 'council'
                then
                    period_kind_of(
                        measure_row.period, measure.period_kind, edition.is_in_year
                    )
            else measure.period_kind
        end as period_kind,
        edition.vintage_order,
        case
            when measure_row.symbol is not null then null
            when measure_row.published_value is not null
                then rounded_half_up(measure_row.published_value, measure.decimals)
            when
                measure.unit in ('count', 'fte', 'pounds')
                and measure_row.denominator is null
                then rounded_half_up(measure_row.numerator, measure.decimals)
            else rounded_ratio(
                measure_row.numerator, measure_row.denominator, measure.scale, measure.decimals
            )
        end as value,
        case measure_row.source when 'dfe' then 1 when 'moj' then 2 when 'lait' then 3 else 4 end
            as source_order
    from kpi.measure_row
    inner join core.measure on measure_row.kpi = measure.kpi
    inner join edition
        on measure_row.source = edition.source and measure_row.vintage = edition.vintage
),

printed_figure as (
    select
        *,
        coalesce(cast(value as varchar), symbol) as printed
    from measured
),

editions as (
    select
        *,
        row_number() over cell_newest_first as age_in_source,
        lag(vintage) over cell_by_edition as edition_before,
        lag(printed) over cell_by_edition as printed_before
    from printed_figure
    window
        cell_newest_first as (
            partition by kpi, area_code, period, breakdown_topic, breakdown, source
            order by vintage_order desc
        ),
        cell_by_edition as (
            partition by kpi, area_code, period, breakdown_topic, breakdown, source
            order by vintage_order
        )
),

-- What was printed before the last change: an unchanged third edition keeps the mark of the second.
-- A number that became a symbol, or a symbol a number, has changed too.
revised as (
    select
        *,
        last_value(case when printed <> printed_before then edition_before end ignore nulls)
            over cell_so_far as previous_vintage,
        last_value(case when printed <> printed_before then printed_before end ignore nulls)
            over cell_so_far as previous_printed
    from editions
    window
        cell_so_far as (
            partition by kpi, area_code, period, breakdown_topic, breakdown, source
            order by vintage_order
            rows between unbounded preceding and current row
        )
),

-- Only a source's newest edition may be shown: an older one could revive a withdrawn figure. Where
-- the preferred source prints a symbol and another one a value, the value is shown.
preferred as (
    select
        *,
        row_number() over (
            partition by kpi, area_code, period, breakdown_topic, breakdown
            order by
                case when age_in_source = 1 then 0 else 1 end asc,
                case when symbol is null then 0 else 1 end asc,
                source_order asc,
                vintage_order desc
        ) as preference,
        case
            when period_kind = 'month' then month_before(period)
            else period_before(period)
        end as earlier_period
    from revised
),

-- What a change is counted from: a value of the same kind, and for a month January's return too.
-- Equalities only: any other condition makes the engine compare every pair of rows.
earlier as (
    select
        kpi,
        area_code,
        breakdown_topic,
        breakdown,
        period,
        source,
        period_kind as later_kind,
        value
    from preferred
    where preference = 1
    union all
    select
        kpi,
        area_code,
        breakdown_topic,
        breakdown,
        period,
        source,
        'month' as later_kind,
        value
    from preferred
    where preference = 1 and period_kind = 'stock' and source = 'council'
),

final as (
    select
        preferred.kpi,
        preferred.source,
        preferred.vintage,
        preferred.vintage_order,
        preferred.period,
        preferred.period_kind,
        period_label(preferred.period, preferred.period_kind) as period_label,
        preferred.la_code,
        preferred.area_code,
        area.area_name,
        area.area_kind,
        preferred.breakdown_topic,
        preferred.breakdown,
        preferred.numerator,
        preferred.denominator,
        preferred.value,
        preferred.symbol,
        preferred.preference = 1 as is_shown,
        preferred.age_in_source = 1 as is_newest_of_source,
        coalesce(preferred.printed <> preferred.previous_printed, false) as is_revised,
        preferred.previous_vintage,
        published_number(preferred.previous_printed) as previous_value,
        published_symbol(preferred.previous_printed) as previous_symbol,
        preferred.value - earlier.value as change,
        preferred.file_id,
        preferred.row_number
    from preferred
    inner join core.area on preferred.area_code = area.area_code
    left join earlier
        on
            preferred.kpi = earlier.kpi
            and preferred.area_code = earlier.area_code
            and preferred.breakdown_topic = earlier.breakdown_topic
            and preferred.breakdown = earlier.breakdown
            and preferred.earlier_period = earlier.period
            and preferred.period_kind = earlier.later_kind
            and preferred.source = earlier.source
)

select * from final
order by kpi, breakdown_topic, area_code, period, vintage_order
