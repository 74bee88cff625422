-- One row: one referral of one child for support before a plan.
with final as (
    select
        support.row_number,
        support.la_code,
        known.pseudonym,
        known.key_id,
        known_code('SupportKind', support.support_kind) as support_kind,
        of_form(support.urn, '[0-9]{6}') as urn,
        support.referral_date,
        support.support_start_date,
        support.support_end_date,
        known_code('SupportOutcome', support.support_outcome) as support_outcome,
        support.outcome_date,
        support.reference_date
    from parsed.early_support as support
    inner join identity.person as known on support.person_record = known.person_record
)

select * from final
