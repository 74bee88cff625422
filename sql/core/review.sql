-- One row: the annual review of a plan in force, in one return. A review is expected for a plan
-- that started before the calendar year, and completed when the authority has told its decision.
with gathered as (
    select
        ehc_plan.file_id,
        ehc_plan.row_number,
        ehc_plan.person_record,
        ehc_plan.request_record,
        ehc_plan.pseudonym,
        ehc_plan.start_date,
        active_plan.review_meeting_date,
        active_plan.review_outcome,
        active_plan.review_draft_date,
        active_plan.last_review_date,
        active_plan.last_review_date - active_plan.review_meeting_date as days_to_review_decision,
        coalesce(ehc_plan.start_date < case_return.activity_start, false) as is_expected,
        coalesce(
            active_plan.last_review_date
            between case_return.activity_start and case_return.activity_end, false
        ) as is_decided_in_period,
        coalesce(
            active_plan.last_review_date < case_return.activity_start, false
        ) as is_decided_earlier,
        clock.review_decision_limit_days
    from core.ehc_plan
    inner join core.case_return on ehc_plan.file_id = case_return.file_id
    left join staging.sen2_active_plan as active_plan
        on
            ehc_plan.file_id = active_plan.file_id
            and ehc_plan.request_record = active_plan.request_record
    cross join core.clock
    where ehc_plan.is_in_force
),

final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        start_date,
        review_meeting_date,
        review_outcome,
        review_draft_date,
        last_review_date,
        days_to_review_decision,
        is_expected,
        is_expected and is_decided_in_period as is_completed,
        is_expected and is_decided_earlier as is_completed_earlier,
        days_to_review_decision <= review_decision_limit_days as is_decided_in_time
    from gathered
)

select * from final
