-- One row: a request that names another authority: where the child went or came from.
with final as (
    select
        request.record as request_record,
        active_plan.record as active_plan_record,
        request.exported_la_code,
        active_plan.transfer_la_code,
        assessment.assessment_outcome,
        setting.la_code as own_la_code,
        request.exported_la_code in (
            select la_code from reference.authority
        ) as is_exported_to_authority,
        active_plan.transfer_la_code in (
            select la_code from reference.authority
        ) as is_transferred_from_authority
    from parsed.request as request
    left join (
        select * from parsed.active_plan
        where transfer_la_code is not null
    ) as active_plan on request.record = active_plan.request_record
    left join parsed.assessment as assessment on request.record = assessment.request_record
    cross join reference.setting as setting
    where request.exported_la_code is not null or active_plan.transfer_la_code is not null
)

select * from final
