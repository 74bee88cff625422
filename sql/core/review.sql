-- One row: the annual review of a plan in force, in one return. A review is expected for a plan
-- that started before the calendar year, and completed when the authority has told its decision.
-- The next is due 12 months after that, or after the plan where none has been.
with gathered as (
    select
        ehc_plan.file_id,
        ehc_plan.row_number,
        ehc_plan.person_record,
        ehc_plan.request_record,
        ehc_plan.pseudonym,
        ehc_plan.start_date,
        ehc_plan.urn,
        ehc_plan.placement_group,
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
        clock.review_decision_limit_days,
        case_return.reference_date,
        cast(
            coalesce(active_plan.last_review_date, ehc_plan.start_date)
            + clock.review_limit_months * interval 1 month as date
        ) as review_due_date,
        cast(
            active_plan.review_meeting_date
            + clock.review_decision_limit_days * interval 1 day as date
        ) as review_decision_due_date,
        cast(
            active_plan.review_meeting_date
            + clock.amended_plan_limit_days * interval 1 day as date
        ) as amended_plan_due_date
    from core.ehc_plan
    inner join core.case_return on ehc_plan.file_id = case_return.file_id
    left join core.active_plan
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
        urn,
        placement_group,
        review_meeting_date,
        review_outcome,
        review_draft_date,
        last_review_date,
        days_to_review_decision,
        is_expected,
        is_expected and is_decided_in_period as is_completed,
        is_expected and is_decided_earlier as is_completed_earlier,
        days_to_review_decision <= review_decision_limit_days as is_decided_in_time,
        review_due_date,
        coalesce(review_due_date < reference_date, false) as is_review_overdue,
        review_decision_due_date,
        case when review_outcome = 'A' then amended_plan_due_date end as amended_plan_due_date
    from gathered
)

select * from final
