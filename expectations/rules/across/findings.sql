-- One row: what a rule across returns or sources found, as the door tells what it finds in one file.
with marked as ($marked),

said (rule, title, severity, module, column_names, message, remedy) as (
    values
    $rules
),

final as (
    select distinct
        marked.file_id,
        substr(marked.rule, 1, 6) as rule,
        said.severity,
        said.module,
        marked.row_number,
        marked.record_key,
        marked.pseudonym,
        said.column_names,
        said.message,
        said.remedy,
        cast(1 as bigint) as row_count
    from marked
    inner join said on marked.rule = said.rule
)

select * from final
order by file_id, rule, row_number, record_key, pseudonym
