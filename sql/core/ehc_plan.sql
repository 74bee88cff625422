-- One row: a plan in one return: its clocks, whether it is in force, new or ceased, where the child
-- is placed and the primary need. A plan is in force on a day when it started by then and has not
-- ceased before: both ends count.
with corrected as (
    select
        file_id,
        record_number as request_record,
        cast(max(corrected_text) filter (where column_name = 'start_date') as date) as start_date,
        cast(max(corrected_text) filter (where column_name = 'cease_date') as date) as cease_date,
        max(corrected_text) filter (where column_name = 'cease_reason') as cease_reason,
        max(corrected_text) filter (
            where column_name = 'has_personal_budget'
        ) = '1' as has_personal_budget,
        max(corrected_text) filter (
            where column_name = 'has_organised_arrangement'
        ) = '1' as has_organised_arrangement,
        max(corrected_text) filter (where column_name = 'direct_payment') as direct_payment
    from core.corrected_value
    where module = 'named_plan' and is_applied
    group by file_id, record_number
),

named_plan as (
    select
        sen2_named_plan.file_id,
        sen2_named_plan.row_number,
        sen2_named_plan.person_record,
        sen2_named_plan.request_record,
        sen2_named_plan.pseudonym,
        sen2_named_plan.age_at_start,
        sen2_named_plan.age_at_cease,
        coalesce(corrected.start_date, sen2_named_plan.start_date) as start_date,
        coalesce(corrected.cease_date, sen2_named_plan.cease_date) as cease_date,
        coalesce(corrected.cease_reason, sen2_named_plan.cease_reason) as cease_reason,
        coalesce(
            corrected.has_personal_budget, sen2_named_plan.has_personal_budget
        ) as has_personal_budget,
        coalesce(
            corrected.has_organised_arrangement, sen2_named_plan.has_organised_arrangement
        ) as has_organised_arrangement,
        coalesce(corrected.direct_payment, sen2_named_plan.direct_payment) as direct_payment
    from staging.sen2_named_plan
    left join corrected
        on
            sen2_named_plan.file_id = corrected.file_id
            and sen2_named_plan.request_record = corrected.request_record
),

attended as (
    select *
    from core.placement
    where placement_kind = 'attended' and is_counted
),

named as (
    select *
    from core.placement
    where placement_kind = 'named' and is_counted
),

primary_need as (
    select *
    from core.sen_need
    where is_primary
),

gathered as (
    select
        named_plan.file_id,
        named_plan.row_number,
        named_plan.person_record,
        named_plan.request_record,
        named_plan.pseudonym,
        named_plan.start_date,
        named_plan.cease_date,
        named_plan.cease_reason,
        named_plan.age_at_start,
        named_plan.age_at_cease,
        named_plan.has_personal_budget,
        named_plan.has_organised_arrangement,
        named_plan.direct_payment,
        active_plan.transfer_la_code,
        active_plan.request_record is not null as has_active_record,
        active_plan.phase_transfer_due_date,
        active_plan.phase_transfer_final_date,
        coalesce(attended.residential, active_plan.residential) as residential,
        coalesce(attended.work_based, active_plan.work_based) as work_based,
        attended.urn,
        attended.placement_setting,
        attended.placement_group,
        named.placement_setting as named_setting,
        named.placement_group as named_group,
        primary_need.need_group,
        request.received_date,
        request.days_to_decision,
        assessment.assessment_outcome,
        assessment.assessment_outcome_date,
        assessment.days_to_outcome as days_to_issue,
        assessment.has_week20_exception,
        assessment.is_in_20_week_base,
        case_return.return_year,
        case_return.reference_date,
        case_return.activity_start,
        case_return.activity_end
    from named_plan
    inner join core.case_return on named_plan.file_id = case_return.file_id
    left join core.active_plan
        on
            named_plan.file_id = active_plan.file_id
            and named_plan.request_record = active_plan.request_record
    left join core.request
        on
            named_plan.file_id = request.file_id
            and named_plan.request_record = request.request_record
    left join core.assessment
        on
            named_plan.file_id = assessment.file_id
            and named_plan.request_record = assessment.request_record
    left join attended
        on
            named_plan.file_id = attended.file_id
            and named_plan.request_record = attended.request_record
    left join named
        on
            named_plan.file_id = named.file_id
            and named_plan.request_record = named.request_record
    left join primary_need
        on
            named_plan.file_id = primary_need.file_id
            and named_plan.request_record = primary_need.request_record
),

final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        received_date,
        start_date,
        cease_date,
        cease_reason,
        age_at_start,
        age_at_cease,
        days_to_decision,
        days_to_issue,
        assessment_outcome,
        assessment_outcome_date,
        coalesce(has_week20_exception, false) as has_week20_exception,
        coalesce(is_in_20_week_base, false) as is_in_20_week_base,
        coalesce(
            start_date <= reference_date and (cease_date is null or cease_date >= reference_date),
            false
        ) as is_in_force,
        -- A plan that came with the child has outcome H, even if it started within the year.
        coalesce(
            start_date between activity_start and activity_end
            and assessment_outcome is distinct from 'H', false
        ) as is_new_in_period,
        coalesce(
            cease_date between activity_start and activity_end, false
        ) as is_ceased_in_period,
        transfer_la_code is not null as is_transferred_in,
        transfer_la_code,
        has_active_record,
        cast(return_year - extract(year from start_date) as integer) as years_in_place,
        coalesce(has_personal_budget, false) as has_personal_budget,
        coalesce(has_organised_arrangement, false) as has_organised_arrangement,
        direct_payment,
        residential,
        work_based,
        urn,
        coalesce(placement_setting, 'placement_unknown') as placement_setting,
        coalesce(placement_group, 'unknown') as placement_group,
        coalesce(named_setting, 'placement_unknown') as named_setting,
        coalesce(named_group, 'unknown') as named_group,
        coalesce(need_group, 'Need unknown') as need_group,
        phase_transfer_due_date,
        phase_transfer_final_date
    from gathered
)

select * from final
