-- One row: a plan in force in one annual return, with what the return before said of the child's plans.
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

before as (
    select
        pair.file_id,
        plan.pseudonym,
        list(plan.start_date) filter (where plan.is_in_force) as start_dates,
        list(plan.start_date) filter (where not plan.is_in_force) as ended_start_dates
    from pair
    inner join core.ehc_plan as plan on pair.earlier_file_id = plan.file_id
    where plan.pseudonym is not null and plan.start_date is not null
    group by pair.file_id, plan.pseudonym
),

now_known as (
    select
        file_id,
        pseudonym,
        list(start_date) as start_dates
    from core.ehc_plan
    where pseudonym is not null
    group by file_id, pseudonym
),

final as (
    select
        plan.file_id,
        plan.row_number as named_plan_row,
        'person ' || plan.person_record as record_key,
        plan.pseudonym,
        list_contains(before.ended_start_dates, plan.start_date) as is_ended_before,
        not list_contains(before.start_dates, plan.start_date)
        and not list_has_any(before.start_dates, now_known.start_dates) as is_start_changed
    from core.ehc_plan as plan
    inner join before on plan.file_id = before.file_id and plan.pseudonym = before.pseudonym
    inner join now_known
        on plan.file_id = now_known.file_id and plan.pseudonym = now_known.pseudonym
    where plan.is_in_force
)

select * from final
