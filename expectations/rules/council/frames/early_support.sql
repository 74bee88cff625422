-- One row: a referral for early support, whether it repeats another, whether its school is known.
with printed as (
    select
        *,
        greatest(referral_date, outcome_date) as last_event_date,
        count(*) over (
            partition by upn, uln, surname, forename, birth_date, support_kind, referral_date
        ) as alike
    from parsed.early_support
),

day as (
    select
        count(distinct reference_date) as day_count,
        list_reverse_sort(
            list(distinct last_event_date) filter (where last_event_date is not null)
        )[2] as second_last_event_date
    from printed
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
        printed.urn in (select establishment.urn from reference.establishment) as is_known_school,
        (select count(*) from reference.establishment) > 0 as has_register,
        printed.reference_date,
        day.day_count,
        printed.last_event_date,
        day.second_last_event_date
    from printed
    cross join day
)

select * from final
