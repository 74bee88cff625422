-- One row: a window of time and a group in which the council's own figures are counted, and one row
-- for the cases of the window themselves (case_file_id, case_month). So every group of an annual
-- return has a figure, nought included, and so has every month. Other windows have no groups.
with final as (
    select
        case_window.file_id,
        case_window.is_stock,
        case_window.period_kind,
        case_window.period,
        case_window.last_day,
        case_window.has_groups,
        case_return.return_year,
        case when case_group.is_case_slot then case_window.counted_file_id end as case_file_id,
        case when case_group.is_case_slot then case_window.counted_month end as case_month,
        case_group.age_scheme,
        case_group.age_group,
        case_group.sex_group,
        case_group.ethnic_group,
        case_group.need_group,
        case_group.source_group
    from core.case_window
    inner join core.case_return on case_window.file_id = case_return.file_id
    cross join core.case_group
    where
        case_group.is_case_slot
        or (
            case_window.has_groups
            and (
                case_window.counted_month is null
                or case_window.counted_month = month_of(case_window.first_day)
            )
        )
)

select * from final
