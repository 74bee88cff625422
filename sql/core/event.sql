-- One row: something that happened, and a measure that it bears on, with its document.
with final as (
    select
        la_code,
        event,
        kpi,
        happened_on,
        event_label,
        event_text,
        event_reason,
        document_id || ': ' || document_title || ' (' || document_publisher || ')'
            as source_document,
        statement_date
    from staging.event
)

select * from final
