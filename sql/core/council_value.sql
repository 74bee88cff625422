-- One row: spend and what it was for, side by side, from one spend return of the council: spend on
-- the plan's actions that open places, with the places open; and spend on the actions that a
-- measure of timeliness tests, with the cases finished (refused, or issued, or not issued) in the
-- period. Two numbers and nothing said of worth: other money and other causes stand beside both.
with spent as (
    select
        council_spend.file_id,
        service_return.la_code,
        council_spend.indicator,
        council_spend.period_kind,
        council_spend.period,
        council_spend.breakdown as plan_action,
        council_spend.value
    from core.council_spend
    inner join core.service_return on council_spend.file_id = service_return.file_id
    where
        council_spend.breakdown_topic = 'Plan action'
        and council_spend.indicator in ('actual', 'actual_to_date')
        and council_spend.value is not null
),

opened as (
    select
        service_return.la_code,
        council_places.period,
        council_places.breakdown as plan_action,
        council_places.value
    from core.council_places
    inner join core.service_return
        on council_places.file_id = service_return.file_id and service_return.is_newest
    where
        council_places.breakdown_topic = 'Plan action'
        and council_places.indicator = 'places_open'
        and council_places.value > 0
),

places as (
    select
        spent.file_id,
        spent.period_kind,
        spent.period,
        spent.plan_action,
        sum(spent.value) as spend_on_places,
        sum(opened.value) as places_of_actions
    from spent
    inner join opened
        on
            spent.la_code = opened.la_code
            and spent.period = opened.period
            and spent.plan_action = opened.plan_action
    where spent.indicator = 'actual_to_date'
    group by
        grouping sets (
            (spent.file_id, spent.period_kind, spent.period, spent.plan_action),
            (spent.file_id, spent.period_kind, spent.period)
        )
),

timely_action as (
    select distinct
        plan_measure.la_code,
        plan_measure.plan_action
    from core.plan_measure
    inner join core.measure on plan_measure.kpi = measure.kpi
    where measure.theme = 'timeliness'
),

finished as (
    select
        la_code,
        period,
        vintage,
        sum(value) as cases_finished,
        row_number() over (
            partition by la_code, period
            order by max(vintage) desc
        ) as age
    from core.council_figure
    where
        breakdown_topic = 'All'
        and (
            (dataset = 'assessments' and indicator in ('assess_issued', 'assess_not_issued'))
            or (dataset = 'requests' and indicator = 'requests_decided_not_to_assess')
        )
    group by la_code, period, vintage
    having count(*) = 3
),

cases as (
    select
        spent.file_id,
        spent.period_kind,
        spent.period,
        sum(spent.value) as spend_on_cases,
        max(finished.cases_finished) as cases_finished
    from spent
    inner join timely_action
        on spent.la_code = timely_action.la_code and spent.plan_action = timely_action.plan_action
    inner join finished
        on
            spent.la_code = finished.la_code
            and spent.period = finished.period
            and finished.age = 1
    where spent.indicator = 'actual'
    group by spent.file_id, spent.period_kind, spent.period
),

gathered as (
    select
        file_id,
        indicator,
        period_kind,
        period,
        case when plan_action is null then 'All' else 'Plan action' end as breakdown_topic,
        coalesce(plan_action, 'All') as breakdown,
        figure as value
    from places
    unpivot (figure for indicator in (spend_on_places, places_of_actions))
    union all
    select
        file_id,
        indicator,
        period_kind,
        period,
        'All' as breakdown_topic,
        'All' as breakdown,
        figure as value
    from cases
    unpivot (figure for indicator in (spend_on_cases, cases_finished))
),

final as (
    select
        file_id,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        cast(value as decimal(18, 6)) as value
    from gathered
)

select * from final
