-- One row: something that happened, and a measure that it bears on, as charts mark it.
with final as (
    select
        la_code,
        event,
        kpi,
        happened_on,
        event_label,
        event_text,
        event_reason,
        source_document,
        statement_date
    from core.event
)

select * from final
order by la_code, happened_on, event, kpi
