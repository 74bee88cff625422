-- One row: an explanation that the council has handed in, and whether it names a finding at all.
-- One that names none, by a wrong number of a rule, file or record, explains nothing, and
-- names_a_finding says so.
with found as (
    select
        rule,
        substr(file_id, 1, 16) as explained_file_id,
        record_key
    from core.record_finding
    union
    select
        rule,
        substr(file_id, 1, 16) as explained_file_id,
        record_key
    from core.across_finding
),

final as (
    select
        finding_explanation.file_id,
        finding_explanation.row_number,
        finding_explanation.la_code,
        finding_explanation.rule,
        finding_explanation.explained_file_id,
        finding_explanation.record_key,
        finding_explanation.explanation,
        finding_explanation.decided_by_role,
        finding_explanation.decided_date,
        count(found.rule) > 0 as names_a_finding
    from staging.finding_explanation
    left join found
        on
            finding_explanation.rule = found.rule
            and finding_explanation.explained_file_id = found.explained_file_id
            and (
                finding_explanation.record_key is null
                or finding_explanation.record_key = found.record_key
            )
    group by
        finding_explanation.file_id,
        finding_explanation.row_number,
        finding_explanation.la_code,
        finding_explanation.rule,
        finding_explanation.explained_file_id,
        finding_explanation.record_key,
        finding_explanation.explanation,
        finding_explanation.decided_by_role,
        finding_explanation.decided_date
)

select * from final
