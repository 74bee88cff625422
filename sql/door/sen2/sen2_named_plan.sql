-- One row: a plan, with when it began and ended.
with final as (
    select
        named_plan.row_number,
        named_plan.record as item_record,
        named_plan.person_record,
        named_plan.request_record,
        known.pseudonym,
        named_plan.start_date,
        known_code('Res', named_plan.plan_residential) as plan_residential,
        known_code('WBP', named_plan.plan_work_based) as plan_work_based,
        named_plan.has_personal_budget,
        named_plan.has_organised_arrangement,
        known_code('DP', named_plan.direct_payment) as direct_payment,
        named_plan.cease_date,
        known_code('CeaseReason', named_plan.cease_reason) as cease_reason,
        full_years(person.birth_date, named_plan.start_date) as age_at_start,
        full_years(person.birth_date, named_plan.cease_date) as age_at_cease
    from parsed.named_plan
    inner join identity.person as known on named_plan.person_record = known.person_record
    inner join parsed.person on named_plan.person_record = person.person_record
)

select * from final
