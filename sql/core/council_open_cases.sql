-- One row: requests that have not come to their end on the reference date, by stage and by how long
-- they have run, by the council's own rows. The DfE publishes no such count. Those over 20 weeks
-- with an exception, or with mediation or a tribunal, are counted apart.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and is_stock
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        open_case.request_record is not null as is_case,
        open_case.case_stage,
        open_case.days_open,
        open_case.has_week20_exception,
        open_case.is_disputed,
        open_case.is_decision_overdue,
        open_case.is_overdue,
        clock.refusal_limit_days,
        clock.issue_limit_days,
        clock.year_limit_days,
        clock.half_year_days,
        clock.full_year_days,
        clock.soon_days,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group
    from slot
    left join core.open_case
        on slot.case_file_id = open_case.file_id
    left join core.person
        on
            open_case.file_id = person.file_id
            and open_case.person_record = person.person_record
    cross join core.clock
),

summed as (
    select
        file_id,
        period_kind,
        period,
        case
            when grouping(age_group) = 0 then 'Age'
            when grouping(sex_group) = 0 then 'Sex'
            when grouping(ethnic_group) = 0 then 'Ethnicity'
            when grouping(district_group) = 0 then 'District'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(district_group) = 0 then district_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where is_case) as decimal(18, 6)) as open_cases,
        cast(
            count(*) filter (
                where case_stage = 'awaiting_decision'
            ) as decimal(18, 6)
        ) as awaiting_decision,
        cast(
            count(*) filter (
                where case_stage = 'in_assessment'
            ) as decimal(18, 6)
        ) as in_assessment,
        cast(
            count(*) filter (
                where case_stage = 'awaiting_plan'
            ) as decimal(18, 6)
        ) as awaiting_plan,
        cast(count(*) filter (where is_decision_overdue) as decimal(18, 6)) as decision_overdue,
        cast(count(*) filter (where is_overdue) as decimal(18, 6)) as overdue,
        cast(
            count(*) filter (
                where days_open > refusal_limit_days
            ) as decimal(18, 6)
        ) as over_16_weeks,
        cast(
            count(*) filter (
                where days_open > half_year_days
            ) as decimal(18, 6)
        ) as over_26_weeks,
        cast(
            count(*) filter (
                where days_open > year_limit_days
            ) as decimal(18, 6)
        ) as over_52_weeks,
        cast(
            count(*) filter (
                where days_open > full_year_days
            ) as decimal(18, 6)
        ) as over_a_year,
        cast(
            count(*) filter (
                where days_open between issue_limit_days - soon_days and issue_limit_days
                and not has_week20_exception
                and not is_disputed
            ) as decimal(18, 6)
        ) as due_soon,
        cast(
            count(*) filter (
                where days_open > issue_limit_days and has_week20_exception
            ) as decimal(18, 6)
        ) as over_20_weeks_exception,
        cast(
            count(*) filter (
                where days_open > issue_limit_days and is_disputed and not has_week20_exception
            ) as decimal(18, 6)
        ) as over_20_weeks_disputed
    from held
    group by grouping sets (
        (file_id, period_kind, period),
        (file_id, period_kind, period, age_group),
        (file_id, period_kind, period, sex_group),
        (file_id, period_kind, period, ethnic_group),
        (file_id, period_kind, period, district_group)
    )
),

kept as (
    select *
    from summed
    where breakdown is not null
),

final as (
    select
        file_id,
        'open_cases' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            open_cases,
            awaiting_decision,
            in_assessment,
            awaiting_plan,
            decision_overdue,
            overdue,
            over_16_weeks,
            over_26_weeks,
            over_52_weeks,
            over_a_year,
            due_soon,
            over_20_weeks_exception,
            over_20_weeks_disputed
        )
    )
)

select * from final
