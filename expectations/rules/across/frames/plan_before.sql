-- One row: a plan in force in one annual return, with what the next return says of it and the child.
with annual as (
    select
        file_id,
        la_code,
        return_year
    from core.case_return
    where return_kind = 'annual' and is_newest
),

pair as (
    select
        later.file_id,
        earlier.file_id as earlier_file_id
    from annual as later
    inner join annual as earlier
        on later.la_code = earlier.la_code and later.return_year = earlier.return_year + 1
),

known as (
    select
        pair.file_id,
        plan.pseudonym,
        bool_or(plan.is_in_force or plan.cease_date is not null) as is_told_of
    from pair
    inner join core.ehc_plan as plan on pair.file_id = plan.file_id
    where plan.pseudonym is not null
    group by pair.file_id, plan.pseudonym
),

final as (
    select
        pair.file_id,
        cast(null as bigint) as named_plan_row,
        'last return, person ' || before.person_record as record_key,
        before.pseudonym,
        coalesce(known.is_told_of, false) as is_told_of
    from pair
    inner join core.ehc_plan as before on pair.earlier_file_id = before.file_id
    left join known on pair.file_id = known.file_id and before.pseudonym = known.pseudonym
    where before.is_in_force and before.pseudonym is not null
)

select * from final
