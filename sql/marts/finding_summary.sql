-- One row: what one rule found in one column of one file, from the door or from the record rules.
-- column_name is a column of the file or an indicator; names and counts only.
with from_the_door as (
    select
        'door' as found_by,
        rule,
        cast(null as varchar) as title,
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
        remedy,
        false as is_declared
    from core.finding
),

-- What the door has said already, in a sentence written for that very defect. A rule that finds
-- more rows and areas than were declared has something new to say.
declared as (
    select distinct
        rule_finding.rule,
        rule_finding.file_id,
        rule_finding.indicator,
        rule_finding.period
    from core.rule_finding
    inner join core.finding
        on
            rule_finding.file_id = finding.file_id
            and list_contains(string_split(rule_finding.declared_as, ', '), finding.rule)
            and finding.row_count in (rule_finding.row_count, rule_finding.area_count)
),

from_rules as (
    select
        'rule' as found_by,
        rule_finding.rule,
        rule_finding.title,
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
        rule_finding.remedy,
        declared.file_id is not null as is_declared
    from core.rule_finding
    left join core.received_file on rule_finding.file_id = received_file.file_id
    left join declared
        on
            rule_finding.rule = declared.rule
            and rule_finding.file_id = declared.file_id
            and rule_finding.indicator is not distinct from declared.indicator
            and rule_finding.period is not distinct from declared.period
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
        title,
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
        remedy,
        is_declared
    from findings
    group by
        found_by,
        rule,
        title,
        severity,
        source,
        dataset,
        vintage,
        file_id,
        file_name,
        column_name,
        message,
        remedy,
        is_declared
)

select * from final
order by source, dataset, vintage, rule, column_name
