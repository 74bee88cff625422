-- One row: a return and a group in which the council's own figures are counted, and one row for the
-- cases of the return themselves (case_file_id). So every group has a figure, nought included.
-- Of the in-year extracts of a month the newest counts, as a whole: it has no groups.
with counted as (
    select
        file_id,
        return_year,
        return_kind = 'in_year' as is_in_year
    from core.case_return
    where return_kind = 'annual' or is_newest
),

final as (
    select
        counted.file_id,
        counted.return_year,
        counted.is_in_year,
        case when case_group.is_case_slot then counted.file_id end as case_file_id,
        case_group.age_scheme,
        case_group.age_group,
        case_group.sex_group,
        case_group.ethnic_group,
        case_group.need_group,
        case_group.source_group
    from counted
    cross join core.case_group
    where case_group.is_case_slot or not counted.is_in_year
)

select * from final
