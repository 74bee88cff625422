-- One row: an open case on the day of a return or extract, without an exception, mediation or a
-- tribunal: its age, whether it still awaits the decision to assess, and whether it is overdue.
with final as (
    select
        case_return.la_code,
        case_return.reference_date,
        open_case.days_open,
        open_case.case_stage = 'awaiting_decision' as is_undecided,
        open_case.is_overdue
    from core.open_case
    inner join core.case_return on open_case.file_id = case_return.file_id
    where
        case_return.is_newest
        and open_case.days_open is not null
        and not open_case.has_week20_exception
        and not open_case.is_disputed
)

select * from final
order by la_code, reference_date, days_open, is_undecided
