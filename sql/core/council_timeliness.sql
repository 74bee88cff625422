-- One row: plans issued in a window of time in cases without mediation or a tribunal, by the weeks
-- since the request, by the council's own rows, counted as the DfE's file timeliness_20_week counts
-- those of a calendar year. A plan whose request has no date stays in the base and in no band. The
-- median is ours: the DfE prints none.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_stock
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        assessment.request_record is not null as is_case,
        assessment.days_to_outcome,
        assessment.has_week20_exception,
        clock.issue_limit_days,
        clock.year_limit_days,
        coalesce(slot.age_group, age_at_event(ehc_plan.age_at_start)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        coalesce(
            slot.need_group,
            ehc_plan.need_group,
            case when assessment.request_record is not null then 'Need unknown' end
        ) as need_group,
        person.district_group,
        case
            when assessment.request_record is not null
                then setting_group(coalesce(ehc_plan.named_group, 'unknown'))
        end as setting_group
    from slot
    left join core.assessment
        on
            slot.case_file_id = assessment.file_id
            and slot.case_month = month_of(assessment.assessment_outcome_date)
            and assessment.is_in_20_week_base
    left join core.ehc_plan
        on
            assessment.file_id = ehc_plan.file_id
            and assessment.request_record = ehc_plan.request_record
    left join core.person
        on
            assessment.file_id = person.file_id
            and assessment.person_record = person.person_record
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
            when grouping(need_group) = 0 then 'Primary need'
            when grouping(district_group) = 0 then 'District'
            when grouping(setting_group) = 0 then 'Setting group'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(need_group) = 0 then need_group
            when grouping(district_group) = 0 then district_group
            when grouping(setting_group) = 0 then setting_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where is_case) as decimal(18, 6)) as plans_issued_den,
        cast(
            count(*) filter (
                where is_case and not has_week20_exception
            ) as decimal(18, 6)
        ) as plans_issued_den_ex,
        cast(
            count(*) filter (
                where days_to_outcome <= issue_limit_days
            ) as decimal(18, 6)
        ) as plans_issued_within_20_weeks,
        cast(
            count(*) filter (
                where days_to_outcome <= issue_limit_days and not has_week20_exception
            ) as decimal(18, 6)
        ) as plans_issued_20_weeks_ex,
        cast(
            count(*) filter (
                where days_to_outcome > issue_limit_days and days_to_outcome <= year_limit_days
            ) as decimal(18, 6)
        ) as plans_issued_gt20weeks_ltyear,
        cast(
            count(*) filter (
                where days_to_outcome > issue_limit_days and days_to_outcome <= year_limit_days
                and not has_week20_exception
            ) as decimal(18, 6)
        ) as plans_issued_gt20weeks_ltyear_ex,
        cast(
            count(*) filter (
                where days_to_outcome > year_limit_days
            ) as decimal(18, 6)
        ) as plans_issued_gt_1_year,
        cast(
            count(*) filter (
                where days_to_outcome > year_limit_days and not has_week20_exception
            ) as decimal(18, 6)
        ) as plans_issued_gt_1_year_ex,
        cast(avg(days_to_outcome) / 7 as decimal(18, 6)) as avg_weeks_issue_plan,
        cast(
            avg(days_to_outcome) filter (where not has_week20_exception) / 7 as decimal(18, 6)
        ) as avg_weeks_issue_plan_exc,
        cast(median(days_to_outcome) / 7 as decimal(18, 6)) as median_weeks_issue_plan,
        cast(
            median(days_to_outcome) filter (where not has_week20_exception) / 7 as decimal(18, 6)
        ) as median_weeks_issue_plan_ex
    from held
    group by grouping sets (
        (file_id, period_kind, period),
        (file_id, period_kind, period, age_group),
        (file_id, period_kind, period, sex_group),
        (file_id, period_kind, period, ethnic_group),
        (file_id, period_kind, period, need_group),
        (file_id, period_kind, period, district_group),
        (file_id, period_kind, period, setting_group)
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
        'timeliness_20_week' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot include nulls (
        figure for indicator in (
            plans_issued_den,
            plans_issued_den_ex,
            plans_issued_within_20_weeks,
            plans_issued_20_weeks_ex,
            plans_issued_gt20weeks_ltyear,
            plans_issued_gt20weeks_ltyear_ex,
            plans_issued_gt_1_year,
            plans_issued_gt_1_year_ex,
            avg_weeks_issue_plan,
            avg_weeks_issue_plan_exc,
            median_weeks_issue_plan,
            median_weeks_issue_plan_ex
        )
    )
)

select * from final
