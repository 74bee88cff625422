-- One row: a referral for early support, whether it repeats another, whether its school is known.
with printed as (
    select
        *,
        count(*) over (
            partition by upn, uln, surname, forename, birth_date, support_kind, referral_date
        ) as alike
    from parsed.early_support
),

final as (
    select
        printed.record as early_support_record,
        printed.support_kind,
        printed.referral_date,
        printed.support_start_date,
        printed.support_end_date,
        printed.support_outcome,
        printed.outcome_date,
        printed.urn,
        printed.alike,
        printed.urn in (select urn from reference.establishment) as is_known_school,
        (select count(*) from reference.establishment) > 0 as has_register
    from printed
)

select * from final
