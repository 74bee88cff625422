-- One row: annual reviews of plans in force, by the council's own rows, counted as the DfE's files
-- annual_reviews count them: meetings as in the release of 2025, completed reviews as in that of
-- 2026. Outcomes and the 4 weeks are counted over reviews completed in the year.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_in_year
),

held as (
    select
        slot.file_id,
        review.request_record is not null as is_case,
        review.is_expected,
        review.is_completed,
        review.is_completed_earlier,
        review.is_decided_in_time,
        review.review_meeting_date,
        review.review_outcome,
        coalesce(slot.age_group, age_at_event(person.age_at_31_august)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group
    from slot
    left join core.review
        on slot.case_file_id = review.file_id
    left join core.person
        on
            review.file_id = person.file_id
            and review.person_record = person.person_record
),

summed as (
    select
        file_id,
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
        cast(count(*) filter (where is_case) as decimal(18, 6)) as total_ehc_plans,
        cast(count(*) filter (where is_expected) as decimal(18, 6)) as review_expected,
        cast(
            count(*) filter (
                where is_case and not is_expected
            ) as decimal(18, 6)
        ) as review_not_expected,
        cast(
            count(*) filter (
                where is_expected and review_meeting_date is not null
            ) as decimal(18, 6)
        ) as total_review_meeting,
        cast(
            count(*) filter (
                where is_expected and review_meeting_date is null
            ) as decimal(18, 6)
        ) as no_review_meeting,
        cast(count(*) filter (where is_completed) as decimal(18, 6)) as review_completed,
        cast(
            count(*) filter (
                where is_completed_earlier
            ) as decimal(18, 6)
        ) as review_completed_earlier,
        cast(
            count(*) filter (
                where is_expected and not is_completed and not is_completed_earlier
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
        (file_id),
        (file_id, age_group),
        (file_id, sex_group),
        (file_id, ethnic_group),
        (file_id, district_group)
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
        'flow' as period_kind,
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
)

select * from final
