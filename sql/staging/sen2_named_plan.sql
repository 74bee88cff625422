-- One row: a plan in a SEN2 return: when it started, when and why it ceased.
with final as (
    select
        file_id,
        row_number,
        person_record,
        request_record,
        pseudonym,
        start_date,
        plan_residential,
        plan_work_based,
        has_personal_budget,
        has_organised_arrangement,
        direct_payment,
        cease_date,
        cease_reason,
        age_at_start,
        age_at_cease
    from landing.sen2_named_plan
)

select * from final
