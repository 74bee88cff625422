-- One row: a piece of advice asked for, with whether the row repeats another.
with printed as (
    select
        *,
        count(*) over (
            partition by upn, uln, surname, forename, birth_date, advice_kind, requested_date
        ) as alike
    from parsed.ep_advice
),

final as (
    select
        record as ep_advice_record,
        requested_date,
        due_date,
        received_date,
        alike
    from printed
)

select * from final
