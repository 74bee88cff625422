-- One row: what a record rule found in one row of one version of a file. A finding is the same in
-- the next version when rule, module, columns and child are the same; it is fixed when a later
-- version of that return no longer has it, and explained when somebody said why it may stand, of
-- this version or of an earlier one. Of a rule that very many rows break, the first are listed and
-- the last line counts the others.
with version as (
    select
        case_file.file_id,
        case_return.return_kind,
        case_return.return_year,
        case_return.reference_date,
        coalesce(case_return.vintage, case_file.vintage) as vintage,
        coalesce(case_return.vintage_order, case_file.vintage_order, 0) as vintage_order,
        case_file.kind,
        coalesce(
            case_return.la_code || ' ' || case_return.return_kind || ' '
            || case_return.stock_period,
            case_file.kind || ' ' || coalesce(case_file.release, '')
        ) as return_series
    from core.case_file
    left join core.case_return on case_file.file_id = case_return.file_id
),

newest as (
    select
        return_series,
        max(vintage_order) as newest_order
    from version
    group by return_series
),

-- What the door found in one file, and what shows only across returns and sources.
told as (
    select * from staging.record_finding
    union all
    select * from core.across_finding
),

found as (
    select
        told.*,
        version.return_kind,
        version.return_year,
        version.reference_date,
        version.vintage,
        version.vintage_order,
        version.kind,
        version.return_series,
        coalesce(told.pseudonym, told.record_key) as finding_key,
        case
            when told.record_key like '%,%'
                then
                    substr(
                        told.record_key, strpos(told.record_key, ',') + 2
                    )
            else ''
        end as place_in_child
    from told
    inner join version on told.file_id = version.file_id
),

traced as (
    select
        *,
        min(vintage_order) over same_finding as first_order,
        max(vintage_order) over same_finding as last_order,
        count(*) over (
            partition by file_id, rule, module, column_names, finding_key
        ) as alike_count,
        first_value(vintage) over (
            partition by return_series, rule, module, column_names, finding_key
            order by vintage_order
        ) as first_found_vintage
    from found
    window
        same_finding as (
            partition by return_series, rule, module, column_names, finding_key
        )
),

-- The findings that an explanation names: one record, or every record that the rule speaks of.
matched as (
    select
        traced.file_id,
        traced.return_series,
        traced.rule,
        traced.module,
        traced.column_names,
        traced.finding_key,
        traced.record_key,
        traced.place_in_child,
        traced.alike_count,
        traced.vintage_order as explained_order,
        finding_explanation.row_number,
        finding_explanation.explanation,
        finding_explanation.decided_by_role,
        finding_explanation.decided_date
    from staging.finding_explanation
    inner join traced
        on
            finding_explanation.rule = traced.rule
            and finding_explanation.explained_file_id = substr(traced.file_id, 1, 16)
            and (
                finding_explanation.record_key is null
                or finding_explanation.record_key = traced.record_key
            )
),

-- In a later version records are counted anew, so that the child decides. Where a child has several
-- alike, only the one at the same place is taken for the one explained.
said as (
    select
        traced.file_id,
        traced.rule,
        traced.module,
        traced.column_names,
        traced.finding_key,
        traced.record_key,
        matched.explanation,
        matched.decided_by_role,
        matched.decided_date,
        row_number() over (
            partition by
                traced.file_id,
                traced.rule,
                traced.module,
                traced.column_names,
                traced.finding_key,
                traced.record_key
            order by matched.decided_date desc, matched.row_number desc
        ) as age_of_saying
    from traced
    inner join matched
        on
            traced.return_series = matched.return_series
            and traced.rule = matched.rule
            and traced.module is not distinct from matched.module
            and traced.column_names is not distinct from matched.column_names
            and traced.finding_key is not distinct from matched.finding_key
    where
        (
            traced.file_id = matched.file_id
            and traced.record_key is not distinct from matched.record_key
        )
        or (
            traced.vintage_order > matched.explained_order
            and (
                traced.place_in_child is not distinct from matched.place_in_child
                or (traced.alike_count = 1 and matched.alike_count = 1)
            )
        )
),

explained as (
    select *
    from said
    where age_of_saying = 1
),

final as (
    select
        traced.file_id,
        traced.rule,
        traced.severity,
        traced.module,
        traced.row_number,
        traced.record_key,
        traced.pseudonym,
        traced.column_names,
        traced.message,
        traced.remedy,
        traced.row_count,
        traced.kind,
        traced.return_kind,
        traced.return_year,
        traced.reference_date,
        traced.vintage,
        traced.first_found_vintage,
        case
            when traced.last_order < newest.newest_order then 'fixed'
            when explained.rule is not null then 'explained'
            else 'open'
        end as finding_status,
        explained.explanation,
        explained.decided_by_role,
        explained.decided_date
    from traced
    inner join newest on traced.return_series = newest.return_series
    left join explained
        on
            traced.file_id = explained.file_id
            and traced.rule = explained.rule
            and traced.module is not distinct from explained.module
            and traced.column_names is not distinct from explained.column_names
            and traced.finding_key is not distinct from explained.finding_key
            and traced.record_key is not distinct from explained.record_key
)

select * from final
