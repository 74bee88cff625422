-- One row: a child with a plan in force on the census day of one annual return, with the need, the
-- setting group and the school year that the projection of plans follows. The newest return of each
-- year counts; of two plans of one pseudonym, the one that started last.
-- The school year is that of the child's age on 31 August: 1 for a child of five, 0 for reception.
with held as (
    select
        case_return.la_code,
        case_return.return_year,
        ehc_plan.pseudonym,
        ehc_plan.need_group,
        ehc_plan.placement_group,
        person.age_at_31_august - 4 as year_group,
        row_number() over (
            partition by case_return.la_code, case_return.return_year, ehc_plan.pseudonym
            order by ehc_plan.start_date desc nulls last, ehc_plan.request_record asc
        ) as place
    from core.ehc_plan
    inner join core.case_return on ehc_plan.file_id = case_return.file_id
    inner join core.person
        on
            ehc_plan.file_id = person.file_id
            and ehc_plan.person_record = person.person_record
    where
        ehc_plan.is_in_force
        and case_return.return_kind = 'annual'
        and case_return.is_newest
        and person.age_at_31_august between 0 and 25
),

final as (
    select
        la_code,
        return_year,
        pseudonym,
        need_group,
        placement_group,
        year_group
    from held
    where place = 1
)

select * from final
