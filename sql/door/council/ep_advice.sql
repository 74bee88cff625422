-- One row: one piece of advice asked for in one child's assessment.
with final as (
    select
        advice.row_number,
        advice.la_code,
        known.pseudonym,
        known.key_id,
        known_code('AdviceKind', advice.advice_kind) as advice_kind,
        advice.requested_date,
        advice.due_date,
        advice.received_date,
        advice.reference_date
    from parsed.ep_advice as advice
    inner join identity.person as known on advice.person_record = known.person_record
)

select * from final
