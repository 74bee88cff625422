-- One row: what one rule found in one file, by indicator and period where the rule tells them apart.
-- Names and counts only: the codes of at most three areas, and where the first row stands.
with marked as ($marked),

said (rule, title, severity, message, remedy, declared_as, is_per_indicator, is_per_period) as (
    values
    $rules
),

final as (
    select
        said.rule,
        said.title,
        said.severity,
        marked.source,
        marked.dataset,
        case when said.is_per_indicator then marked.indicator end as indicator,
        marked.vintage,
        case when said.is_per_period then marked.period end as period,
        count(*) as row_count,
        count(distinct marked.area_code) as area_count,
        array_to_string(
            list_slice(list(distinct marked.area_code order by marked.area_code), 1, 3), ', '
        ) as area_codes,
        marked.file_id,
        min(marked.row_number) as first_row_number,
        said.message,
        said.remedy,
        said.declared_as
    from marked
    inner join said on marked.rule = said.rule
    group by
        said.rule,
        said.title,
        said.severity,
        marked.source,
        marked.dataset,
        case when said.is_per_indicator then marked.indicator end,
        marked.vintage,
        case when said.is_per_period then marked.period end,
        marked.file_id,
        said.message,
        said.remedy,
        said.declared_as
)

select * from final
order by rule, source, dataset, vintage, indicator, period, file_id
