-- One row: an explanation, with how many there are of the same finding.
with printed as (
    select
        *,
        count(*) over (partition by rule, explained_file_id, record_key) as alike
    from parsed.finding_explanation
),

final as (
    select
        record as finding_explanation_record,
        length(explanation) as explanation_length,
        alike
    from printed
)

select * from final
