-- One row: how many figures of a public file contradict its marts.kpi_value, and the first column
-- that holds one. unruled_figure.sql holds the rule against every row of that table; here what
-- other columns repeat of the council's own figures is held against it. Where a column names no
-- source, every figure of an area with figures of the council's own is asked for; where it names no
-- edition, the figure that is shown counts, or the newest of its source. A forecast of a share
-- begins from its two counts, unrounded.
-- Not asked, because no single cell can say it: sums, shares and changes of several cells, means of
-- areas, limits, ranges, chances and words.
with cell as (
    select
        kpi,
        source,
        vintage,
        coalesce(la_code, area_code) as area_key,
        breakdown_topic,
        breakdown,
        period_kind,
        period,
        value,
        case when denominator > 0 then cast(100 * numerator / denominator as decimal(18, 6)) end
            as share,
        is_shown or is_newest_of_source as is_newest
    from marts.kpi_value
),

own as (
    select distinct area_key
    from cell
    where source = 'council'
),

breakdown_name as (
    select distinct
        kpi,
        breakdown
    from cell
),

-- A side of a statement that is one cell says no more than of which group it is.
single_side as (
    select claim_side.*
    from marts.claim_side
    left join breakdown_name
        on claim_side.kpi = breakdown_name.kpi and claim_side.made_of = breakdown_name.breakdown
    where claim_side.made_of = '' or breakdown_name.kpi is not null
),

repeated as (
    select
        'kpi_value.previous_value' as stands_in,
        kpi,
        source,
        previous_vintage as vintage,
        coalesce(la_code, area_code) as area_key,
        breakdown_topic,
        breakdown,
        period_kind,
        period,
        previous_value as value
    from marts.kpi_value
    union all
    select
        'kpi_value.change' as stands_in,
        kpi,
        source,
        null as vintage,
        coalesce(la_code, area_code) as area_key,
        breakdown_topic,
        breakdown,
        period_kind,
        case when period_kind = 'month' then month_before(period) else period_before(period) end
            as period,
        value - change as value
    from marts.kpi_value
    union all
    select
        'plan_value.value' as stands_in,
        kpi,
        source,
        vintage,
        la_code as area_key,
        breakdown_topic,
        breakdown,
        period_kind,
        period,
        value
    from marts.plan_value
    union all
    select
        'plan_action.newest_value' as stands_in,
        kpi,
        newest_value_source as source,
        newest_value_vintage as vintage,
        la_code as area_key,
        breakdown_topic,
        breakdown,
        null as period_kind,
        newest_value_period as period,
        newest_value as value
    from marts.plan_action
    union all
    select
        'plan_milestone.newest_value' as stands_in,
        kpi,
        newest_value_source as source,
        newest_value_vintage as vintage,
        la_code as area_key,
        breakdown_topic,
        breakdown,
        null as period_kind,
        newest_value_period as period,
        newest_value as value
    from marts.plan_milestone
    union all
    select
        'plan_milestone.deciding_value' as stands_in,
        kpi,
        null as source,
        null as vintage,
        la_code as area_key,
        breakdown_topic,
        breakdown,
        null as period_kind,
        deciding_period as period,
        deciding_value as value
    from marts.plan_milestone
    union all
    select
        'spc_point.value' as stands_in,
        kpi,
        source,
        null as vintage,
        coalesce(la_code, area_code) as area_key,
        breakdown_topic,
        breakdown,
        period_kind,
        period,
        value
    from marts.spc_point
    union all
    select
        'spc_series.latest_value' as stands_in,
        kpi,
        source,
        null as vintage,
        coalesce(la_code, area_code) as area_key,
        breakdown_topic,
        breakdown,
        period_kind,
        latest_period as period,
        latest_value as value
    from marts.spc_series
    union all
    select
        'forecast.origin_value' as stands_in,
        kpi,
        null as source,
        null as vintage,
        coalesce(la_code, area_code) as area_key,
        'All' as breakdown_topic,
        'All' as breakdown,
        period_kind,
        origin_period as period,
        origin_value as value
    from marts.forecast
    union all
    select
        'forecast_score.actual_value' as stands_in,
        kpi,
        null as source,
        null as vintage,
        coalesce(la_code, area_code) as area_key,
        'All' as breakdown_topic,
        'All' as breakdown,
        period_kind,
        period,
        actual_value as value
    from marts.forecast_score
    union all
    select
        'claim_evidence.value' as stands_in,
        kpi,
        source,
        vintage,
        coalesce(la_code, area_code) as area_key,
        null as breakdown_topic,
        coalesce(note, 'All') as breakdown,
        null as period_kind,
        period,
        value
    from marts.claim_evidence
    where role = 'evidence'
    union all
    select
        'claim_side.value' as stands_in,
        kpi,
        source,
        vintage,
        area_key,
        null as breakdown_topic,
        coalesce(nullif(made_of, ''), 'All') as breakdown,
        null as period_kind,
        period,
        value
    from single_side
),

-- A January return's count stands in the line of months too.
unmatched as (
    select stands_in
    from repeated
    where
        value is not null
        and (
            source = 'council'
            or (source is null and area_key in (select own.area_key from own))
        )
        and not exists (
            select 1
            from cell
            where
                cell.kpi = repeated.kpi
                and cell.area_key = repeated.area_key
                and cell.period = repeated.period
                and cell.breakdown = repeated.breakdown
                and coalesce(cell.breakdown_topic = repeated.breakdown_topic, true)
                and coalesce(cell.source = repeated.source, true)
                and coalesce(cell.vintage = repeated.vintage, cell.is_newest)
                and (
                    coalesce(cell.period_kind = repeated.period_kind, true)
                    or (cell.period_kind = 'stock' and repeated.period_kind = 'month')
                )
                and (
                    cell.value = repeated.value
                    or (
                        repeated.stands_in = 'forecast.origin_value'
                        and abs(cell.share - repeated.value) < 0.00001
                    )
                )
        )
),

-- What a verdict tells of a figure is what one side of it comes to.
retold as (
    select
        'claim_figure.value' as stands_in,
        claim_id,
        period,
        area_key,
        source,
        vintage,
        value
    from marts.claim_figure
    union all
    select
        'claim_evidence.value' as stands_in,
        claim_id,
        period,
        coalesce(la_code, area_code) as area_key,
        source,
        vintage,
        value
    from marts.claim_evidence
    where role in ('measured', 'like_for_like')
),

unsaid as (
    select stands_in
    from retold
    where
        value is not null
        and source = 'council'
        and not exists (
            select 1
            from marts.claim_side
            where
                claim_side.claim_id = retold.claim_id
                and claim_side.period = retold.period
                and claim_side.area_key = retold.area_key
                and claim_side.source = retold.source
                and claim_side.vintage = retold.vintage
                and claim_side.value = retold.value
        )
),

final as (
    select
        count(*) as figure_count,
        min(stands_in) as first_column
    from (
        select stands_in from unmatched
        union all
        select stands_in from unsaid
    ) as found
)

select * from final
