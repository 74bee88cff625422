-- One row: something that happened, and a measure that it bears on, as events.yml says.
with final as (
    select
        la_code,
        event,
        kpi,
        happened_on,
        event_label,
        event_text,
        event_reason,
        document_id,
        document_title,
        document_publisher,
        statement_date
    from landing.event
)

select * from final
