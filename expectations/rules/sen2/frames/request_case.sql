-- One row: a request with its assessment, named plan and active plan, each where there is one.
with days as (
    select
        *,
        -- A birthday of 29 February is kept on the 28th where there is no other.
        month(reference_date) * 100
        + case when reference_date = last_day(reference_date) then 31 else day(reference_date) end
            as month_day
    from reference.setting
),

final as (
    select
        request.record as request_record,
        request.person_record,
        assessment.record as assessment_record,
        named_plan.record as named_plan_record,
        active_plan.record as active_plan_record,
        request.received_date,
        request.request_source,
        request.is_in_youth_accommodation,
        request.request_outcome_date,
        request.request_outcome,
        request.has_request_mediation,
        request.has_request_tribunal,
        request.exported_la_code,
        assessment.assessment_outcome,
        assessment.assessment_outcome_date,
        assessment.has_assessment_mediation,
        assessment.has_assessment_tribunal,
        assessment.has_other_mediation,
        assessment.has_other_tribunal,
        assessment.has_week20_exception,
        named_plan.start_date,
        named_plan.plan_residential,
        named_plan.plan_work_based,
        named_plan.has_personal_budget,
        named_plan.has_organised_arrangement,
        named_plan.direct_payment,
        named_plan.cease_date,
        named_plan.cease_reason,
        active_plan.transfer_la_code,
        active_plan.residential,
        active_plan.work_based,
        active_plan.review_meeting_date,
        active_plan.review_outcome,
        active_plan.review_draft_date,
        active_plan.phase_transfer_due_date,
        active_plan.phase_transfer_final_date,
        active_plan.last_review_date,
        person.birth_date,
        -- Years by their parts: date_sub costs seven times as much.
        case
            when person.birth_date > setting.reference_date
                then date_sub('year', person.birth_date, setting.reference_date)
            else
                year(setting.reference_date) - year(person.birth_date)
                - cast(
                    month(person.birth_date) * 100 + day(person.birth_date) > setting.month_day
                    as integer
                )
        end as age_at_reference_date,
        case
            when request.is_in_youth_accommodation then date_sub(
                'year', person.birth_date, coalesce(request.received_date, setting.reference_date)
            )
        end as age_at_request,
        date_sub('year', person.birth_date, named_plan.cease_date) as age_at_cease,
        setting.la_code as own_la_code,
        setting.return_year,
        setting.reference_date,
        setting.activity_start,
        setting.activity_end,
        cast(setting.activity_end - interval 1 year as date) as year_before_activity_end
    from parsed.request as request
    left join parsed.assessment as assessment on request.record = assessment.request_record
    left join parsed.named_plan as named_plan on request.record = named_plan.request_record
    left join parsed.active_plan as active_plan on request.record = active_plan.request_record
    left join parsed.person as person on request.person_record = person.record
    cross join days as setting
)

select * from final
