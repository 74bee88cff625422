-- One row: a milestone of the delivery plan with what is held of its measure, and where it stands.
-- The status follows from date and value alone, in this order:
--   not_measured  no value of the measure is held for the council
--   met, missed   the first value from the day on is on the right, or the wrong, side of the level
--   not_yet_due   otherwise
-- A count of a day is known by its month, a count of a year by its year: the month or year of the
-- milestone's day decides. Where the level is another area's value, that of the same period counts.
-- 'At risk' needs a forecast and comes with it.
with promise as (
    select
        la_code,
        plan_measure,
        milestone,
        'original' as version,
        cast(original_due_date as varchar) as due_text,
        original_value as level_number,
        level_area_key
    from core.plan_milestone
    union all
    select
        la_code,
        plan_measure,
        milestone,
        'current' as version,
        cast(current_due_date as varchar) as due_text,
        current_value as level_number,
        level_area_key
    from core.plan_milestone
),

-- Every period with both a value and a level to hold it against.
compared as (
    select
        promise.la_code,
        promise.milestone,
        promise.version,
        plan_value.period,
        plan_value.value,
        plan_value.polarity,
        coalesce(promise.level_number, other.value) as level_value,
        plan_value.period >= case
            when plan_value.period_kind = 'flow' then substr(promise.due_text, 1, 4)
            else substr(promise.due_text, 1, 7)
        end as is_due
    from promise
    inner join marts.plan_value
        on promise.la_code = plan_value.la_code and promise.plan_measure = plan_value.plan_measure
    left join marts.kpi_value as other
        on
            promise.level_area_key = coalesce(other.la_code, other.area_code)
            and plan_value.kpi = other.kpi
            and plan_value.breakdown_topic = other.breakdown_topic
            and plan_value.breakdown = other.breakdown
            and plan_value.period = other.period
            and other.is_shown
    where coalesce(promise.level_number, other.value) is not null
),

-- The first period from the day on, or, while there is none, the newest before it.
ranked as (
    select
        *,
        row_number() over (
            partition by la_code, milestone, version
            order by
                case when is_due then 0 else 1 end asc,
                case when is_due then period end asc,
                period desc
        ) as place
    from compared
),

judged as (
    select
        la_code,
        milestone,
        version,
        level_value,
        case when is_due then period end as deciding_period,
        case when is_due then value end as deciding_value,
        case
            when not is_due then 'not_yet_due'
            when polarity = 'low_is_good' and value <= level_value then 'met'
            when polarity = 'high_is_good' and value >= level_value then 'met'
            else 'missed'
        end as milestone_status
    from ranked
    where place = 1
),

final as (
    select
        plan_milestone.la_code,
        plan_milestone.position,
        plan_milestone.plan_action,
        plan_milestone.plan_measure,
        plan_milestone.milestone,
        plan_milestone.milestone_text,
        plan_measure.measure_title,
        plan_measure.kpi,
        plan_measure.breakdown_topic,
        plan_measure.breakdown,
        plan_measure.unit,
        plan_measure.decimals,
        plan_measure.polarity,
        plan_measure.needs,
        plan_milestone.original_due_date,
        plan_milestone.original_value,
        plan_milestone.current_due_date,
        plan_milestone.current_value,
        plan_milestone.level_area_key,
        level_area.area_name as level_area_name,
        current_promise.level_value,
        newest.period as newest_value_period,
        newest.period_label as newest_value_period_label,
        newest.value as newest_value,
        newest.source as newest_value_source,
        newest.vintage as newest_value_vintage,
        current_promise.deciding_period,
        current_promise.deciding_value,
        case
            when newest.period is null then 'not_measured'
            else coalesce(current_promise.milestone_status, 'not_yet_due')
        end as milestone_status,
        case
            when newest.period is null then 'not_measured'
            else coalesce(original_promise.milestone_status, 'not_yet_due')
        end as original_status,
        plan_milestone.revision_count,
        plan_milestone.revised_at,
        plan_milestone.revised_by_role,
        plan_milestone.revision_reason,
        plan_milestone.source_document,
        plan_milestone.statement_date,
        plan_milestone.is_date_assumption,
        plan_milestone.is_value_assumption,
        plan_milestone.assumption_reason
    from core.plan_milestone
    inner join core.plan_measure
        on
            plan_milestone.la_code = plan_measure.la_code
            and plan_milestone.plan_measure = plan_measure.plan_measure
    left join core.area as level_area
        on plan_milestone.level_area_key = coalesce(level_area.la_code, level_area.area_code)
    left join marts.plan_value as newest
        on
            plan_milestone.la_code = newest.la_code
            and plan_milestone.plan_measure = newest.plan_measure
            and newest.is_newest
    left join judged as current_promise
        on
            plan_milestone.la_code = current_promise.la_code
            and plan_milestone.milestone = current_promise.milestone
            and current_promise.version = 'current'
    left join judged as original_promise
        on
            plan_milestone.la_code = original_promise.la_code
            and plan_milestone.milestone = original_promise.milestone
            and original_promise.version = 'original'
)

select * from final
order by position
