-- One row: an annual return with its plans in force, those of the return before, and what came and went.
with annual as (
    select
        file_id,
        la_code,
        return_year
    from core.case_return
    where return_kind = 'annual' and is_newest
),

counted as (
    select
        annual.file_id,
        annual.la_code,
        annual.return_year,
        count(*) filter (where plan.is_in_force) as plan_count,
        count(*) filter (where plan.is_new_in_period) as new_count,
        count(*) filter (where plan.is_transferred_in) as transferred_in_count,
        count(*) filter (where plan.is_ceased_in_period) as ceased_count
    from annual
    inner join core.ehc_plan as plan on annual.file_id = plan.file_id
    group by annual.file_id, annual.la_code, annual.return_year
),

final as (
    select
        later.file_id,
        cast(null as bigint) as header_row,
        'return' as record_key,
        cast(null as varchar) as pseudonym,
        later.plan_count,
        earlier.plan_count
        + later.new_count
        + later.transferred_in_count
        - later.ceased_count as expected_plan_count
    from counted as later
    inner join counted as earlier
        on later.la_code = earlier.la_code and later.return_year = earlier.return_year + 1
)

select * from final
