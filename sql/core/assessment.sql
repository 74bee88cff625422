-- One row: an assessment in one return, with the clock that began when its request was received.
-- Outcome Y with a date is a plan issued that day; Y without one is decided and not yet issued.
with corrected as (
    select
        file_id,
        record_number as request_record,
        max(corrected_text) filter (where column_name = 'assessment_outcome') as assessment_outcome,
        cast(
            max(corrected_text) filter (where column_name = 'assessment_outcome_date') as date
        ) as assessment_outcome_date,
        max(corrected_text) filter (
            where column_name = 'has_assessment_mediation'
        ) = '1' as has_assessment_mediation,
        max(corrected_text) filter (
            where column_name = 'has_assessment_tribunal'
        ) = '1' as has_assessment_tribunal,
        max(corrected_text) filter (
            where column_name = 'has_other_mediation'
        ) = '1' as has_other_mediation,
        max(corrected_text) filter (
            where column_name = 'has_other_tribunal'
        ) = '1' as has_other_tribunal,
        max(corrected_text) filter (
            where column_name = 'has_week20_exception'
        ) = '1' as has_week20_exception
    from core.corrected_value
    where module = 'assessment' and is_applied
    group by file_id, record_number
),

stated as (
    select
        sen2_assessment.file_id,
        sen2_assessment.row_number,
        sen2_assessment.person_record,
        sen2_assessment.request_record,
        sen2_assessment.pseudonym,
        coalesce(
            corrected.assessment_outcome, sen2_assessment.assessment_outcome
        ) as assessment_outcome,
        coalesce(
            corrected.assessment_outcome_date, sen2_assessment.assessment_outcome_date
        ) as assessment_outcome_date,
        coalesce(
            corrected.has_assessment_mediation, sen2_assessment.has_assessment_mediation
        ) as has_assessment_mediation,
        coalesce(
            corrected.has_assessment_tribunal, sen2_assessment.has_assessment_tribunal
        ) as has_assessment_tribunal,
        coalesce(
            corrected.has_other_mediation, sen2_assessment.has_other_mediation
        ) as has_other_mediation,
        coalesce(
            corrected.has_other_tribunal, sen2_assessment.has_other_tribunal
        ) as has_other_tribunal,
        coalesce(
            corrected.has_week20_exception, sen2_assessment.has_week20_exception
        ) as has_week20_exception
    from staging.sen2_assessment
    left join corrected
        on
            sen2_assessment.file_id = corrected.file_id
            and sen2_assessment.request_record = corrected.request_record
),

dated as (
    select
        stated.*,
        request.received_date,
        request.age_at_request,
        request.has_request_mediation,
        request.has_request_tribunal,
        case_return.activity_start,
        case_return.activity_end,
        clock.refusal_limit_days,
        clock.is_out_with_mediation_or_tribunal,
        clock.is_out_with_other_mediation_or_tribunal,
        stated.assessment_outcome_date - request.received_date as days_to_outcome,
        coalesce(stated.has_assessment_mediation, false) as had_mediation,
        coalesce(stated.has_assessment_tribunal, false) as had_tribunal,
        coalesce(stated.has_other_mediation, false) as had_other_mediation,
        coalesce(stated.has_other_tribunal, false) as had_other_tribunal
    from stated
    inner join core.case_return on stated.file_id = case_return.file_id
    left join core.request
        on
            stated.file_id = request.file_id
            and stated.request_record = request.request_record
    cross join core.clock
),

placed as (
    select
        *,
        coalesce(
            assessment_outcome_date between activity_start and activity_end, false
        ) as is_in_period,
        (
            is_out_with_mediation_or_tribunal
            and (
                coalesce(has_request_mediation, false)
                or coalesce(has_request_tribunal, false)
                or had_mediation
                or had_tribunal
            )
        )
        or (
            is_out_with_other_mediation_or_tribunal and (had_other_mediation or had_other_tribunal)
        ) as was_disputed
    from dated
),

final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        received_date,
        assessment_outcome,
        assessment_outcome_date,
        had_mediation as has_assessment_mediation,
        had_tribunal as has_assessment_tribunal,
        had_other_mediation as has_other_mediation,
        had_other_tribunal as has_other_tribunal,
        coalesce(has_week20_exception, false) as has_week20_exception,
        age_at_request,
        days_to_outcome,
        case
            when assessment_outcome = 'Y' and is_in_period then 'issued'
            when assessment_outcome = 'N' and is_in_period then 'refused'
            when assessment_outcome = 'W' then 'withdrawn'
            when assessment_outcome = 'A' then 'undecided'
            when assessment_outcome = 'Y' and assessment_outcome_date is null then 'undecided'
        end as assessment_result,
        assessment_outcome = 'N' and is_in_period and days_to_outcome <= refusal_limit_days
            as is_refused_in_time,
        coalesce(assessment_outcome = 'Y', false) and is_in_period and not was_disputed
            as is_in_20_week_base
    from placed
)

select * from final
