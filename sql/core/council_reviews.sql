-- One row: annual reviews of plans in force, by the council's own rows, counted as the DfE's files
-- annual_reviews count them: meetings as in the release of 2025, completed reviews as in that of
-- 2026. Outcomes and the 4 weeks are counted over reviews completed in the window of time. Which
-- reviews are expected is said of a year, or a year so far, only.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_stock
),

-- A plan counts once, in the last month, and its completed review in the month of the decision.
happened as (
    select
        review.*,
        event.event,
        month_of(
            case event.event
                when 'plan' then case_return.activity_end
                else review.last_review_date
            end
        ) as event_month
    from core.review
    inner join core.case_return on review.file_id = case_return.file_id
    cross join (values ('plan'), ('completed')) as event (event)
    where event.event = 'plan' or review.is_completed
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        happened.event = 'plan' as is_plan,
        happened.event = 'completed' as is_completed,
        happened.event = 'plan' and happened.is_expected as is_due,
        happened.event = 'plan' and happened.is_completed as is_done,
        happened.event = 'plan' and happened.is_completed_earlier as is_done_earlier,
        happened.is_decided_in_time,
        happened.review_meeting_date,
        happened.review_outcome,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group,
        setting_group(happened.placement_group) as setting_group,
        case
            when slot.has_groups and happened.request_record is not null
                then school_group(happened.urn, school.establishment_name)
        end as school_group
    from slot
    left join happened
        on
            slot.case_file_id = happened.file_id
            and slot.case_month = happened.event_month
    left join core.person
        on
            happened.file_id = person.file_id
            and happened.person_record = person.person_record
    left join core.school on happened.urn = school.urn
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
            when grouping(school_group) = 0 then 'School'
            when grouping(setting_group) = 0 then 'Setting group'
            else 'All'
        end as breakdown_topic,
        case
            when grouping(age_group) = 0 then age_group
            when grouping(sex_group) = 0 then sex_group
            when grouping(ethnic_group) = 0 then ethnic_group
            when grouping(district_group) = 0 then district_group
            when grouping(school_group) = 0 then school_group
            when grouping(setting_group) = 0 then setting_group
            else 'All'
        end as breakdown,
        cast(count(*) filter (where is_plan) as decimal(18, 6)) as total_ehc_plans,
        cast(count(*) filter (where is_due) as decimal(18, 6)) as review_expected,
        cast(
            count(*) filter (
                where is_plan and not is_due
            ) as decimal(18, 6)
        ) as review_not_expected,
        cast(
            count(*) filter (
                where is_due and review_meeting_date is not null
            ) as decimal(18, 6)
        ) as total_review_meeting,
        cast(
            count(*) filter (
                where is_due and review_meeting_date is null
            ) as decimal(18, 6)
        ) as no_review_meeting,
        cast(count(*) filter (where is_completed) as decimal(18, 6)) as review_completed,
        cast(
            count(*) filter (
                where is_done_earlier
            ) as decimal(18, 6)
        ) as review_completed_earlier,
        cast(
            count(*) filter (
                where is_due and not is_done and not is_done_earlier
            ) as decimal(18, 6)
        ) as review_not_completed,
        cast(
            count(*) filter (
                where is_completed and review_outcome = 'A'
            ) as decimal(18, 6)
        ) as outcome_amend,
        cast(
            count(*) filter (
                where is_completed and review_outcome = 'C'
            ) as decimal(18, 6)
        ) as outcome_cease,
        cast(
            count(*) filter (
                where is_completed and review_outcome = 'M'
            ) as decimal(18, 6)
        ) as outcome_maintan,
        cast(
            count(*) filter (
                where is_completed and review_outcome is null
            ) as decimal(18, 6)
        ) as no_outcome,
        cast(
            count(*) filter (
                where is_completed and is_decided_in_time
            ) as decimal(18, 6)
        ) as number_decsion_4weeks,
        cast(
            count(*) filter (
                where is_completed and not is_decided_in_time
            ) as decimal(18, 6)
        ) as number_decision_gt_4weeks
    from held
    group by grouping sets (
        (file_id, period_kind, period),
        (file_id, period_kind, period, age_group),
        (file_id, period_kind, period, sex_group),
        (file_id, period_kind, period, ethnic_group),
        (file_id, period_kind, period, district_group),
        (file_id, period_kind, period, school_group),
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
        'annual_reviews' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            total_ehc_plans,
            review_expected,
            review_not_expected,
            total_review_meeting,
            no_review_meeting,
            review_completed,
            review_completed_earlier,
            review_not_completed,
            outcome_amend,
            outcome_cease,
            outcome_maintan,
            no_outcome,
            number_decsion_4weeks,
            number_decision_gt_4weeks
        )
    )
    where
        period_kind in ('flow', 'year_to_date')
        or indicator in (
            'review_completed',
            'outcome_amend',
            'outcome_cease',
            'outcome_maintan',
            'no_outcome',
            'number_decsion_4weeks',
            'number_decision_gt_4weeks'
        )
)

select * from final
