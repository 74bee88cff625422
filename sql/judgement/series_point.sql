-- One row: a value of a series that may be charted, in the order of its periods. A series is a
-- measure of an area and breakdown by one source, over whole years or over months. A council's
-- January return holds that month, so it stands in the line of months too. Years to date are no
-- series, and neither are rolling years: neighbours share eleven months of twelve.
--   place         counts years, or months
--   stretch_part  rises where the limits begin anew: where the figures changed their meaning (not
--                 in a council's own rows, which are children from the start), or was decided
-- Reads the table `rebase`: the council's decisions, by measure, breakdown and place.
with measured as (
    select
        kpi_value.kpi,
        kpi_value.la_code,
        kpi_value.area_code,
        kpi_value.breakdown_topic,
        kpi_value.breakdown,
        kpi_value.source,
        kpi_value.period_kind,
        kpi_value.period,
        kpi_value.value,
        case when measure.unit <> 'count' then kpi_value.denominator end as denominator
    from marts.kpi_value
    inner join marts.measure on kpi_value.kpi = measure.kpi
    where
        kpi_value.is_newest_of_source
        and kpi_value.value is not null
        and kpi_value.period_kind in ('stock', 'flow', 'month')
),

monthly as (
    select distinct
        kpi,
        area_code,
        breakdown_topic,
        breakdown,
        source
    from measured
    where period_kind = 'month'
),

january as (
    select
        measured.kpi,
        measured.la_code,
        measured.area_code,
        measured.breakdown_topic,
        measured.breakdown,
        measured.source,
        'month' as period_kind,
        measured.period,
        measured.value,
        measured.denominator
    from measured
    inner join monthly
        on
            measured.kpi = monthly.kpi
            and measured.area_code = monthly.area_code
            and measured.breakdown_topic = monthly.breakdown_topic
            and measured.breakdown = monthly.breakdown
            and measured.source = monthly.source
    where measured.period_kind = 'stock'
),

either as (
    select * from measured
    union all
    select * from january
),

-- Short series are told of for whole areas only: they have no limits anyway.
series as (
    select
        kpi,
        area_code,
        breakdown_topic,
        breakdown,
        source,
        period_kind
    from either
    group by kpi, area_code, breakdown_topic, breakdown, source, period_kind
    having count(*) >= 8 or (breakdown_topic = 'All' and count(*) >= 2)
),

kept as (
    select
        either.*,
        case
            when either.period_kind = 'month'
                then
                    12 * cast(substr(either.period, 1, 4) as integer)
                    + cast(substr(either.period, 6, 2) as integer) - 1
            else cast(substr(either.period, 1, 4) as integer)
        end as place
    from either
    inner join series
        on
            either.kpi = series.kpi
            and either.area_code = series.area_code
            and either.breakdown_topic = series.breakdown_topic
            and either.breakdown = series.breakdown
            and either.source = series.source
            and either.period_kind = series.period_kind
),

division as (
    select
        kpi,
        cast(substr(break_at, 1, 4) as integer) as place,
        break_reason as opening_reason
    from marts.measure_break
),

broken as (
    select
        kept.kpi,
        kept.area_code,
        kept.breakdown_topic,
        kept.breakdown,
        kept.source,
        kept.period_kind,
        kept.place,
        division.place as division_place,
        'break' as opened_by,
        division.opening_reason,
        cast(null as date) as decided_on
    from kept
    inner join division on kept.kpi = division.kpi
    where kept.source <> 'council' and kept.place >= division.place
    union all
    select
        kept.kpi,
        kept.area_code,
        kept.breakdown_topic,
        kept.breakdown,
        kept.source,
        kept.period_kind,
        kept.place,
        rebase.place as division_place,
        'rebase' as opened_by,
        rebase.opening_reason,
        rebase.decided_on
    from kept
    inner join rebase
        on
            kept.kpi = rebase.kpi
            and kept.la_code = rebase.la_code
            and kept.breakdown_topic = rebase.breakdown_topic
            and kept.breakdown = rebase.breakdown
            and rebase.is_monthly = (kept.period_kind = 'month')
    where kept.place >= rebase.place
),

opened as (
    select
        *,
        count(*) over point_so_far as stretch_part,
        row_number() over (point_so_far order by division_place desc, opened_by desc) as age
    from broken
    window
        point_so_far as (
            partition by kpi, area_code, breakdown_topic, breakdown, source, period_kind, place
        )
),

final as (
    select
        kept.kpi,
        kept.la_code,
        kept.area_code,
        kept.breakdown_topic,
        kept.breakdown,
        kept.source,
        kept.period_kind,
        kept.period,
        kept.place,
        cast(kept.value as double) as value,
        cast(kept.denominator as double) as denominator,
        coalesce(opened.stretch_part, 0) as stretch_part,
        opened.opened_by,
        opened.opening_reason,
        opened.decided_on,
        dense_rank() over (
            order by
                kept.kpi,
                kept.area_code,
                kept.breakdown_topic,
                kept.breakdown,
                kept.source,
                kept.period_kind
        ) as series_number
    from kept
    left join opened
        on
            kept.kpi = opened.kpi
            and kept.area_code = opened.area_code
            and kept.breakdown_topic = opened.breakdown_topic
            and kept.breakdown = opened.breakdown
            and kept.source = opened.source
            and kept.period_kind = opened.period_kind
            and kept.place = opened.place
            and opened.age = 1
)

select * from final
order by series_number, place
