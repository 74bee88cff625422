-- One row: a request that has not come to its end on the reference date of a return or an in-year
-- extract: awaiting a decision, being assessed, or decided and not yet issued. Children who moved
-- away while being assessed are out. A case with an exception, or with mediation or a tribunal, may
-- run longer than 20 weeks in law: it is not overdue here and is counted apart. The next deadline
-- is that of the stage: the decision, then the draft (or the refusal), then the final plan.
with gathered as (
    select
        request.file_id,
        request.row_number,
        request.person_record,
        request.request_record,
        request.pseudonym,
        request.received_date,
        case_return.reference_date - request.received_date as days_open,
        coalesce(assessment.has_week20_exception, false) as has_week20_exception,
        request.has_request_mediation
        or request.has_request_tribunal
        or coalesce(assessment.has_assessment_mediation, false)
        or coalesce(assessment.has_assessment_tribunal, false) as is_disputed,
        case
            when request.request_outcome = 'A' then 'awaiting_decision'
            when assessment.assessment_outcome = 'A' then 'in_assessment'
            -- Agreed, and no assessment is in the return: a fault of the return, and an open case.
            when request.request_outcome = 'Y' and assessment.request_record is null
                then 'in_assessment'
            when
                assessment.assessment_outcome = 'Y'
                and assessment.assessment_outcome_date is null
                then 'awaiting_plan'
        end as case_stage,
        case_return.reference_date,
        clock.decision_limit_days,
        clock.refusal_limit_days,
        clock.issue_limit_days,
        clock.half_year_days,
        clock.year_limit_days
    from core.request
    inner join core.case_return on request.file_id = case_return.file_id
    left join core.assessment
        on
            request.file_id = assessment.file_id
            and request.request_record = assessment.request_record
    cross join core.clock
    where request.exported_la_code is null
),

next as (
    select
        *,
        case
            when case_stage = 'awaiting_decision' then 'decision'
            when case_stage = 'in_assessment' and days_open <= refusal_limit_days
                then 'draft_plan'
            else 'final_plan'
        end as deadline_kind,
        case
            when case_stage = 'awaiting_decision' then decision_limit_days
            when case_stage = 'in_assessment' and days_open <= refusal_limit_days
                then refusal_limit_days
            else issue_limit_days
        end as deadline_days
    from gathered
    where case_stage is not null
),

final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        received_date,
        days_open,
        case_stage,
        has_week20_exception,
        is_disputed,
        coalesce(
            case_stage = 'awaiting_decision' and days_open > decision_limit_days, false
        ) as is_decision_overdue,
        coalesce(
            days_open > issue_limit_days and not has_week20_exception and not is_disputed, false
        ) as is_overdue,
        case
            when days_open is null then 'unknown'
            when days_open <= decision_limit_days then 'up_to_6_weeks'
            when days_open <= refusal_limit_days then 'up_to_16_weeks'
            when days_open <= issue_limit_days then 'up_to_20_weeks'
            when days_open <= half_year_days then 'up_to_26_weeks'
            when days_open <= year_limit_days then 'up_to_52_weeks'
            else 'over_52_weeks'
        end as open_band,
        deadline_kind,
        cast(received_date + deadline_days * interval 1 day as date) as deadline_date,
        deadline_days - days_open as days_left
    from next
)

select * from final
