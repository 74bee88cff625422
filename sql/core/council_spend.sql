-- One row: a figure of spend, in pounds, from one return of the council: planned, spent, and what
-- was planned for the lines that are closed, against which the spend is held. A line that the
-- return gives for a financial year counts where all of that year does, in place of the same line's
-- months.
with yearly as (
    select distinct
        file_id,
        budget_line,
        first_day as year_start,
        last_day as year_end
    from core.spend
    where is_financial_year
),

-- The financial year that a month lies in begins with the April before it.
line as (
    select
        *,
        cast(
            date_trunc('year', first_day - interval 3 month) + interval 3 month as date
        ) as in_year_from
    from core.spend
),

held as (
    select
        line.file_id,
        line.plan_action,
        line.planned_gbp,
        line.actual_gbp,
        line.first_day,
        line.last_day,
        case when not line.is_financial_year then yearly.year_start end as told_from,
        case when not line.is_financial_year then yearly.year_end end as told_to
    from line
    left join yearly
        on
            line.file_id = yearly.file_id
            and line.budget_line = yearly.budget_line
            and line.in_year_from = yearly.year_start
),

grouped as (
    select
        *,
        'All' as breakdown_topic,
        'All' as group_key
    from held
    union all
    select
        *,
        'Plan action' as breakdown_topic,
        plan_action as group_key
    from held
),

slot as (
    select
        *,
        case when is_stock then date '2000-01-01' else first_day end as counted_from
    from core.service_slot
    where dataset = 'spend'
),

placed as (
    select
        slot.file_id,
        slot.is_stock,
        slot.period_kind,
        slot.period,
        slot.breakdown_topic,
        slot.breakdown,
        grouped.planned_gbp,
        grouped.actual_gbp,
        coalesce(
            grouped.first_day >= slot.counted_from and grouped.last_day <= slot.last_day, false
        )
        and not coalesce(
            grouped.told_from >= slot.counted_from and grouped.told_to <= slot.last_day, false
        ) as is_counted
    from slot
    left join grouped
        on
            slot.file_id = grouped.file_id
            and slot.breakdown_topic = grouped.breakdown_topic
            and slot.group_key = grouped.group_key
),

-- Lines of which none is closed have no spend yet, which is not nought.
summed as (
    select
        file_id,
        is_stock,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(coalesce(sum(planned_gbp) filter (where is_counted), 0) as decimal(18, 6)) as planned,
        cast(
            case
                when count(*) filter (where is_counted) = 0 then 0
                else sum(actual_gbp) filter (where is_counted)
            end as decimal(18, 6)
        ) as actual,
        cast(
            coalesce(sum(planned_gbp) filter (where is_counted and actual_gbp is not null), 0)
            as decimal(18, 6)
        ) as planned_of_closed
    from placed
    group by
        file_id,
        is_stock,
        period_kind,
        period,
        breakdown_topic,
        breakdown
),

final as (
    select
        file_id,
        case when is_stock then indicator || '_to_date' else indicator end as indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from summed
    unpivot include nulls (figure for indicator in (planned, actual, planned_of_closed))
)

select * from final
