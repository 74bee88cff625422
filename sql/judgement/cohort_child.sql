-- One row: a child with a plan in one annual return of a council. Asked for: la_code.
with final as (
    select
        cohort_state.return_year,
        cohort_state.pseudonym,
        cohort_state.need_group,
        cohort_state.placement_group,
        cohort_state.year_group
    from core.cohort_state
    inner join asked_for on cohort_state.la_code = asked_for.la_code
)

select * from final
order by return_year, pseudonym
