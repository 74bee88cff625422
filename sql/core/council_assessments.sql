-- One row: assessments of a window of time by what came of them, by the council's own rows, counted
-- as the DfE's file assessments counts those of a calendar year. A plan that is decided and not yet
-- issued is undecided at the end of the year. Age is the age at the request. What carries no date
-- (withdrawn, undecided, mediation) has no month: only a year, or a year so far, holds it.
with slot as (
    select *
    from core.council_slot
    where age_scheme in ('any', 'at_event') and not is_stock
),

-- What carries no date stands in the last month, so that the whole year has it once.
concluded as (
    select
        assessment.*,
        month_of(
            case
                when assessment.assessment_result in ('issued', 'refused')
                    then assessment.assessment_outcome_date
                else case_return.activity_end
            end
        ) as event_month
    from core.assessment
    inner join core.case_return on assessment.file_id = case_return.file_id
    where assessment.assessment_result is not null
),

held as (
    select
        slot.file_id,
        slot.period_kind,
        slot.period,
        concluded.request_record is not null as is_case,
        concluded.assessment_result,
        concluded.is_refused_in_time,
        concluded.has_assessment_mediation,
        concluded.has_assessment_tribunal,
        concluded.has_other_mediation,
        concluded.has_other_tribunal,
        coalesce(slot.age_group, age_at_event(concluded.age_at_request)) as age_group,
        coalesce(slot.sex_group, person.sex_group) as sex_group,
        coalesce(slot.ethnic_group, person.ethnic_group) as ethnic_group,
        person.district_group
    from slot
    left join concluded
        on
            slot.case_file_id = concluded.file_id
            and slot.case_month = concluded.event_month
    left join core.person
        on
            concluded.file_id = person.file_id
            and concluded.person_record = person.person_record
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
        cast(count(*) filter (where is_case) as decimal(18, 6)) as assess_in_year,
        cast(
            count(*) filter (
                where assessment_result = 'issued'
            ) as decimal(18, 6)
        ) as assess_issued,
        cast(
            count(*) filter (
                where assessment_result = 'refused'
            ) as decimal(18, 6)
        ) as assess_not_issued,
        cast(
            count(*) filter (
                where assessment_result = 'undecided'
            ) as decimal(18, 6)
        ) as assess_not_made,
        cast(
            count(*) filter (
                where assessment_result = 'withdrawn'
            ) as decimal(18, 6)
        ) as assess_withdrawn,
        cast(
            count(*) filter (
                where assessment_result = 'refused' and is_refused_in_time
            ) as decimal(18, 6)
        ) as outcome_decision_within_time,
        cast(
            count(*) filter (
                where assessment_result = 'refused' and not is_refused_in_time
            ) as decimal(18, 6)
        ) as outcome_decision_over_time,
        cast(
            count(*) filter (
                where has_assessment_mediation
            ) as decimal(18, 6)
        ) as number_assess_mediation,
        cast(
            count(*) filter (
                where has_assessment_tribunal
            ) as decimal(18, 6)
        ) as number_assess_tribunal,
        cast(
            count(*) filter (
                where has_assessment_mediation and has_assessment_tribunal
            ) as decimal(18, 6)
        ) as number_asssess_mediation_tribunal,
        cast(
            count(*) filter (
                where has_other_mediation
            ) as decimal(18, 6)
        ) as number_other_mediation,
        cast(
            count(*) filter (
                where has_other_tribunal
            ) as decimal(18, 6)
        ) as number_other_tribunal,
        cast(
            count(*) filter (
                where has_other_mediation and has_other_tribunal
            ) as decimal(18, 6)
        ) as number_other_mediation_tribunal
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
        'assessments' as dataset,
        indicator,
        period_kind,
        period,
        breakdown_topic,
        breakdown,
        figure as value
    from kept
    unpivot (
        figure for indicator in (
            assess_in_year,
            assess_issued,
            assess_not_issued,
            assess_not_made,
            assess_withdrawn,
            outcome_decision_within_time,
            outcome_decision_over_time,
            number_assess_mediation,
            number_assess_tribunal,
            number_asssess_mediation_tribunal,
            number_other_mediation,
            number_other_tribunal,
            number_other_mediation_tribunal
        )
    )
    where
        period_kind in ('flow', 'year_to_date')
        or indicator in (
            'assess_issued',
            'assess_not_issued',
            'outcome_decision_within_time',
            'outcome_decision_over_time'
        )
)

select * from final
