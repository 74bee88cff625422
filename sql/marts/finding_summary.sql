-- One row: what one rule found in one column of one file, from the door or from the record rules.
-- column_name is a column of the file or an indicator; names and counts only.
with from_the_door as (
    select
        'door' as found_by,
        rule,
        severity,
        source,
        dataset,
        vintage,
        file_id,
        file_name,
        column_name,
        cast(null as varchar) as period,
        row_count,
        cast(null as bigint) as area_count,
        cast(null as varchar) as area_codes,
        first_row_number,
        message,
        remedy
    from core.finding
),

from_rules as (
    select
        'rule' as found_by,
        rule_finding.rule,
        rule_finding.severity,
        rule_finding.source,
        rule_finding.dataset,
        rule_finding.vintage,
        rule_finding.file_id,
        received_file.file_name,
        rule_finding.indicator as column_name,
        rule_finding.period,
        rule_finding.row_count,
        rule_finding.area_count,
        rule_finding.area_codes,
        rule_finding.first_row_number,
        rule_finding.message,
        rule_finding.remedy
    from core.rule_finding
    left join core.received_file on rule_finding.file_id = received_file.file_id
),

findings as (
    select * from from_the_door
    union all
    select * from from_rules
),

final as (
    select
        found_by,
        rule,
        severity,
        source,
        dataset,
        vintage,
        file_id,
        file_name,
        column_name,
        case when count(distinct period) = 1 then min(period) end as period,
        cast(sum(row_count) as bigint) as row_count,
        max(area_count) as area_count,
        arg_max(area_codes, area_count) as area_codes,
        min(first_row_number) as first_row_number,
        message,
        remedy
    from findings
    group by
        found_by,
        rule,
        severity,
        source,
        dataset,
        vintage,
        file_id,
        file_name,
        column_name,
        message,
        remedy
)

select * from final
order by source, dataset, vintage, rule, column_name
