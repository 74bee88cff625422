-- One row: a value of a record in one return that a correction is about, as printed and as it
-- should be. It is looked for in the return that is named, or in every return of the child that
-- prints it; a cell that is empty may be rightly so elsewhere, so that its return must be named.
-- Figures use it, except where two records of the child print the same in one return: nobody can
-- say which is meant.
with child as (
    select distinct pseudonym
    from core.correction_choice
),

person_text as (
    select
        file_id,
        person_record as record_number,
        pseudonym,
        sex,
        ethnicity,
        upn_unknown
    from staging.sen2_person
    where pseudonym in (select child.pseudonym from child)
),

person_value as (
    select
        'person' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from person_text
    unpivot include nulls (
        printed_text for column_name in (
            sex,
            ethnicity,
            upn_unknown
        )
    )
),

request_text as (
    select
        file_id,
        request_record as record_number,
        pseudonym,
        cast(received_date as varchar) as received_date,
        request_source,
        cast(cast(is_in_youth_accommodation as integer) as varchar) as is_in_youth_accommodation,
        cast(request_outcome_date as varchar) as request_outcome_date,
        request_outcome,
        cast(cast(has_request_mediation as integer) as varchar) as has_request_mediation,
        cast(cast(has_request_tribunal as integer) as varchar) as has_request_tribunal,
        exported_la_code
    from staging.sen2_request
    where pseudonym in (select child.pseudonym from child)
),

request_value as (
    select
        'request' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from request_text
    unpivot include nulls (
        printed_text for column_name in (
            received_date,
            request_source,
            is_in_youth_accommodation,
            request_outcome_date,
            request_outcome,
            has_request_mediation,
            has_request_tribunal,
            exported_la_code
        )
    )
),

assessment_text as (
    select
        file_id,
        request_record as record_number,
        pseudonym,
        assessment_outcome,
        cast(assessment_outcome_date as varchar) as assessment_outcome_date,
        cast(cast(has_assessment_mediation as integer) as varchar) as has_assessment_mediation,
        cast(cast(has_assessment_tribunal as integer) as varchar) as has_assessment_tribunal,
        cast(cast(has_other_mediation as integer) as varchar) as has_other_mediation,
        cast(cast(has_other_tribunal as integer) as varchar) as has_other_tribunal,
        cast(cast(has_week20_exception as integer) as varchar) as has_week20_exception
    from staging.sen2_assessment
    where pseudonym in (select child.pseudonym from child)
),

assessment_value as (
    select
        'assessment' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from assessment_text
    unpivot include nulls (
        printed_text for column_name in (
            assessment_outcome,
            assessment_outcome_date,
            has_assessment_mediation,
            has_assessment_tribunal,
            has_other_mediation,
            has_other_tribunal,
            has_week20_exception
        )
    )
),

named_plan_text as (
    select
        file_id,
        request_record as record_number,
        pseudonym,
        cast(start_date as varchar) as start_date,
        cast(cast(has_personal_budget as integer) as varchar) as has_personal_budget,
        cast(cast(has_organised_arrangement as integer) as varchar) as has_organised_arrangement,
        direct_payment,
        cast(cease_date as varchar) as cease_date,
        cease_reason
    from staging.sen2_named_plan
    where pseudonym in (select child.pseudonym from child)
),

named_plan_value as (
    select
        'named_plan' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from named_plan_text
    unpivot include nulls (
        printed_text for column_name in (
            start_date,
            has_personal_budget,
            has_organised_arrangement,
            direct_payment,
            cease_date,
            cease_reason
        )
    )
),

plan_detail_text as (
    select
        file_id,
        item_record as record_number,
        pseudonym,
        urn,
        ukprn,
        sen_setting,
        placement_rank,
        cast(cast(is_sen_unit as integer) as varchar) as is_sen_unit,
        cast(cast(is_resourced_provision as integer) as varchar) as is_resourced_provision
    from staging.sen2_plan_detail
    where pseudonym in (select child.pseudonym from child)
),

plan_detail_value as (
    select
        'plan_detail' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from plan_detail_text
    unpivot include nulls (
        printed_text for column_name in (
            urn,
            ukprn,
            sen_setting,
            placement_rank,
            is_sen_unit,
            is_resourced_provision
        )
    )
),

active_plan_text as (
    select
        file_id,
        request_record as record_number,
        pseudonym,
        transfer_la_code,
        residential,
        work_based,
        cast(review_meeting_date as varchar) as review_meeting_date,
        review_outcome,
        cast(review_draft_date as varchar) as review_draft_date,
        cast(phase_transfer_due_date as varchar) as phase_transfer_due_date,
        cast(phase_transfer_final_date as varchar) as phase_transfer_final_date,
        cast(last_review_date as varchar) as last_review_date
    from staging.sen2_active_plan
    where pseudonym in (select child.pseudonym from child)
),

active_plan_value as (
    select
        'active_plan' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from active_plan_text
    unpivot include nulls (
        printed_text for column_name in (
            transfer_la_code,
            residential,
            work_based,
            review_meeting_date,
            review_outcome,
            review_draft_date,
            phase_transfer_due_date,
            phase_transfer_final_date,
            last_review_date
        )
    )
),

placement_detail_text as (
    select
        file_id,
        item_record as record_number,
        pseudonym,
        urn,
        ukprn,
        sen_setting,
        placement_rank,
        cast(entry_date as varchar) as entry_date,
        cast(leaving_date as varchar) as leaving_date,
        cast(cast(is_sen_unit as integer) as varchar) as is_sen_unit,
        cast(cast(is_resourced_provision as integer) as varchar) as is_resourced_provision,
        residential,
        work_based
    from staging.sen2_placement_detail
    where pseudonym in (select child.pseudonym from child)
),

placement_detail_value as (
    select
        'placement_detail' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from placement_detail_text
    unpivot include nulls (
        printed_text for column_name in (
            urn,
            ukprn,
            sen_setting,
            placement_rank,
            entry_date,
            leaving_date,
            is_sen_unit,
            is_resourced_provision,
            residential,
            work_based
        )
    )
),

sen_need_text as (
    select
        file_id,
        item_record as record_number,
        pseudonym,
        sen_type,
        sen_type_rank
    from staging.sen2_sen_need
    where pseudonym in (select child.pseudonym from child)
),

sen_need_value as (
    select
        'sen_need' as module,
        file_id,
        record_number,
        pseudonym,
        column_name,
        printed_text
    from sen_need_text
    unpivot include nulls (
        printed_text for column_name in (
            sen_type,
            sen_type_rank
        )
    )
),

printed as (
    select * from person_value
    union all
    select * from request_value
    union all
    select * from assessment_value
    union all
    select * from named_plan_value
    union all
    select * from plan_detail_value
    union all
    select * from active_plan_value
    union all
    select * from placement_detail_value
    union all
    select * from sen_need_value
),

found as (
    select
        printed.file_id,
        printed.module,
        printed.record_number,
        printed.column_name,
        printed.printed_text,
        choice.corrected_text,
        choice.file_id as correction_file_id,
        choice.row_number as correction_row_number,
        count(*) over (
            partition by printed.file_id, choice.file_id, choice.row_number
        ) as alike_count
    from core.correction_choice as choice
    inner join printed
        on
            choice.pseudonym = printed.pseudonym
            and choice.module = printed.module
            and choice.column_name = printed.column_name
            and coalesce(choice.printed_text, '') = coalesce(printed.printed_text, '')
    where
        choice.corrected_file_id = printed.file_id
        or (choice.corrected_file_id is null and choice.printed_text is not null)
),

final as (
    select
        file_id,
        module,
        record_number,
        column_name,
        printed_text,
        corrected_text,
        correction_file_id,
        correction_row_number,
        alike_count = 1 as is_applied
    from found
)

select * from final
