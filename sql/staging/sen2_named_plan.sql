-- One row: a plan in a SEN2 return: when it started, when and why it ceased.
-- A request has room for one: of several, of which a rule tells, the first counts.
with numbered as (
    select
        *,
        row_number() over (
            partition by file_id, request_record
            order by item_record, row_number
        ) as place_in_request
    from landing.sen2_named_plan
),

final as (
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
    from numbered
    where place_in_request = 1
)

select * from final
