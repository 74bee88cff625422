-- One row: a plan that the council sent out amended, with the numbers of its child. Runs on the
-- desk over the council's own file; only inspection lists read it.
with final as (
    select
        upn,
        uln,
        review_meeting_date,
        amended_plan_date
    from parsed.amended_plan
    where amended_plan_date is not null
)

select * from final
